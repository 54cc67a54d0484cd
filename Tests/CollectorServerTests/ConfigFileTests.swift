// ConfigFileTests.swift - settings from a YAML file, and the reference that describes them.

import TraceModel
import Foundation
import GenAISemantics
import IngestPipeline
import Logging
import Pricing
import Testing

@testable import CollectorServer

struct ConfigFileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skein-\(UUID().uuidString)")
        .path

    private func load(
        _ yaml: String,
        named name: String = "other.yaml",
        flags given: CollectorFlags = CollectorFlags(),
        environment: [String: String] = [:]
    ) throws -> LoadedConfig {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(yaml.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
        var flags = given
        if name == "other.yaml" {
            flags.config = folder + "/" + name
        } else {
            flags.dataDirectory = folder
        }
        return try LoadedConfig(flags: flags, environment: environment.merging(["HOME": "/home/me"]) { own, _ in own })
    }

    private func problems(_ yaml: String, named name: String = "other.yaml") -> String {
        do {
            _ = try load(yaml, named: name)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func `a file sets what neither flags nor the environment set`() throws {
        let yaml = """
            http: 127.0.0.1:1
            grpc: off
            log_level: debug
            data_dir: /srv/traces
            cors_origins: [http://a.test, http://b.test]
            receivers:
              memory_budget_bytes: 2097152
              otlp:
                max_body_bytes: 4096
            """
        var flags = CollectorFlags()
        flags.http = "127.0.0.1:3"
        let loaded = try load(yaml, flags: flags, environment: ["SKEIN_LOG_LEVEL": "error"])
        #expect(loaded.config.http.port == 3)
        #expect(loaded.config.logLevel == .error)
        #expect(loaded.config.grpc == .off)
        #expect(loaded.config.dataDirectory == "/srv/traces")
        #expect(loaded.config.corsOrigins == ["http://a.test", "http://b.test"])
        #expect(loaded.config.maxBodyBytes == 4096)
        #expect(loaded.config.memoryBudgetBytes == 2_097_152)
        let origins = Dictionary(uniqueKeysWithValues: loaded.settings.map { ($0.key, $0.origin) })
        #expect(origins["http"] == .flag)
        #expect(origins["log_level"] == .environment)
        #expect(origins["grpc"] == .file)
        #expect(origins["allowed_hosts"] == .builtIn)
    }

    @Test func `a file in the data directory is found there, and cannot move it`() throws {
        #expect(try load("log_level: debug", named: "skein.yaml").config.logLevel == .debug)
        #expect(problems("data_dir: /elsewhere", named: "skein.yaml").contains("skein.yaml:1: data_dir cannot be set"))
    }

    @Test func `an unknown key is an error with its line, and so is every wrong value beside it`() {
        let text = problems("log_level: loud\nhtttp: 127.0.0.1:1\nreceivers:\n  otlp:\n    max_body: 1\n")
        #expect(text.contains("other.yaml:1: log_level is \"loud\""))
        #expect(text.contains("other.yaml:2: unknown key htttp"))
        #expect(text.contains("other.yaml:5: unknown key receivers.otlp.max_body"))
    }

    @Test(arguments: [
        "http: [", "http: a\nhttp: b\n", "- a\n", "just text", "http: {a: 1}", "http: [1, 2]", "a: &x 1\nb: *x",
    ])
    func `what is no configuration is refused, never ignored`(_ yaml: String) {
        #expect(problems(yaml).contains("other.yaml"))
    }

    @Test(arguments: ["", "# a comment\n", "http:\n", "receivers:\n"])
    func `an empty file or value says nothing`(_ yaml: String) throws {
        #expect(try load(yaml).config.http == ListenAddress(host: "127.0.0.1", port: 4318))
    }

    @Test func `a named file that is not there is an error`() {
        var flags = CollectorFlags()
        flags.config = "/nowhere/skein.yaml"
        #expect(throws: ConfigError.self) { try LoadedConfig(flags: flags, environment: ["HOME": "/home/me"]) }
    }

    @Test func `rules that mask are read in their order`() throws {
        let yaml = """
            content: off
            redaction:
              - attribute: user.email
                action: remove
              - pattern: 'CUST-\\d{6}'
                replacement: "[customer]"
              - builtin: credit_card
            """
        let config = try load(yaml).config
        #expect(!config.keepsContent)
        #expect(
            config.redaction == [
                RedactionRule(target: .attribute("user.email"), action: .remove),
                RedactionRule(target: .pattern(#"CUST-\d{6}"#), replacement: "[customer]"),
                RedactionRule(target: .builtIn(.creditCard)),
            ]
        )
    }

    @Test func `prices and mappings of the user are read, and written back`() throws {
        let yaml = """
            prices:
              - {model: prod-chat, same_as: gpt-4o}
              - model: acme-xl
                provider: acme
                from: 2026-01-01
                utc: ["22:00", "06:30"]
                input: 2
                output: 8.5
                tiers: [{above: 200000, input: 4}]
                variants: {batch: {input: 1}}
            mappings:
              - {attribute: acme.in, field: input_tokens}
              - {attribute: acme.step, field: kind, values: {Completion: llm}}
            """
        let loaded = try load(yaml)
        #expect(
            loaded.config.prices == [
                CustomPrice(model: "prod-chat", sameAs: "gpt-4o"),
                CustomPrice(
                    provider: "acme",
                    model: "acme-xl",
                    from: "2026-01-01",
                    utc: ["22:00", "06:30"],
                    prices: ["input": "2", "output": "8.5"],
                    tiers: [.init(above: 200_000, prices: ["input": "4"])],
                    variants: ["batch": ["input": "1"]]
                ),
            ]
        )
        #expect(
            loaded.config.mappings == [
                AttributeMapping(attribute: "acme.in", field: .inputTokens),
                AttributeMapping(attribute: "acme.step", field: .kind, roles: ["Completion": .llm]),
            ]
        )
        let again = try load(loaded.yaml.replacing("data_dir:", with: "# data_dir:"))
        #expect(again.config.prices == loaded.config.prices)
        #expect(again.config.mappings == loaded.config.mappings)
    }

    @Test(arguments: [
        ("prices:\n- {model: a, input: x}", "yaml:2: prices[0].input: "),
        ("prices:\n- {model: a, inputs: 1}", "yaml:2: prices: unknown key inputs; there are provider, model,"),
        ("prices:\n- {input: 1}", "yaml:2: prices: an entry needs model"),
        ("prices:\n- {model: a}", "yaml:2: prices[0]: needs a price"),
        ("prices:\n- {model: a, input: [1]}", "yaml:2: prices: input has to be a text"),
        ("prices:\n- {model: a, input: 1, tiers: [{input: 1}]}", "yaml:2: prices: a tier needs above"),
        ("mappings:\n- {attribute: a, field: tokens}", "yaml:2: mappings: the field is one of kind, operation,"),
        ("mappings:\n- {field: kind}", "yaml:2: mappings: a mapping needs attribute"),
        ("mappings:\n- {attribute: a, field: kind, values: {x: y}}", "yaml:2: mappings: \"y\" is no kind; there are "),
        (
            "mappings:\n- {attribute: a, field: provider, values: {x: llm}}",
            "yaml:2: mappings: values belong to the field"
        ),
    ])
    func `a price or mapping that cannot be used is an error with its line`(_ yaml: String, _ problem: String) {
        let error = #expect(throws: ConfigError.self) { try load(yaml) }
        #expect(error?.problems.first?.contains(problem) == true, "\(error?.problems ?? [])")
    }

    @Test(arguments: ["[{builtin: email}]", "- builtin: email", "-\n  builtin: email\n"])
    func `rules in the environment are the same YAML, and win`(_ text: String) throws {
        let loaded = try load("redaction: [{attribute: a}]", environment: ["SKEIN_REDACTION": text])
        #expect(loaded.config.redaction == [RedactionRule(target: .builtIn(.email))])
    }

    @Test(arguments: [
        ("redaction:\n- attribute: a\n- pattern: '('\n", "yaml:3: redaction: the pattern has a ( that does not end"),
        ("redaction:\n- builtin: emails", "yaml:2: redaction: there is no builtin \"emails\"; there are email,"),
        ("redaction:\n- attribute: a\n  action: hash", "yaml:3: redaction: the action has to be mask or remove"),
        ("redaction:\n- attribute: a\n  reason: x", "yaml:3: redaction: unknown key reason"),
        (
            "redaction:\n- attribute: a\n  pattern: b",
            "yaml:2: redaction: a rule has one of attribute, pattern, builtin"
        ),
        ("redaction:\n- action: mask", "yaml:2: redaction: a rule has one of"),
        ("redaction:\n- pattern: a\n  action: remove", "yaml:2: redaction: action remove is for attributes"),
        ("redaction:\n- email", "yaml:2: redaction has to be a list of maps"),
        ("redaction: email", "yaml:1: redaction has to be a list of maps"),
        ("redaction:\n- attribute: [a]", "yaml:2: redaction: attribute has to be a text"),
        ("content: maybe", "content is \"maybe\": expected on or off"),
        ("cors_origins:\n- a: b", "yaml:2: cors_origins has to be a list of texts"),
    ])
    func `a rule that cannot be used is an error with its line`(_ yaml: String, _ problem: String) {
        #expect(problems(yaml).contains(problem))
    }

    @Test func `rules that are printed can be read again`() throws {
        let yaml = #"""
            redaction:
              - {pattern: "a\"\\b\n\té", replacement: '"''x'}
              - {attribute: "k: {v}, *", action: remove}
              - builtin: api_keys
            """#
        let first = try load(yaml)
        #expect(first.config.redaction.count == 3)
        #expect(try load(first.yaml).config.redaction == first.config.redaction)
    }

    @Test func `what is printed can be read again`() throws {
        var flags = CollectorFlags()
        flags.grpc = "[::1]:9"
        flags.allowedHosts = ["a.test", "b.test"]
        let first = try load("log_level: debug", flags: flags)
        let second = try load(first.yaml)
        #expect(second.config == first.config)
        // An empty value counts as one that is not set.
        #expect(second.settings.filter { $0.value != "\"\"" }.allSatisfy { $0.origin == .file })
    }

    @Test func `the reference describes every setting, with flag, variable and default`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/configuration.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let loaded = try LoadedConfig(flags: CollectorFlags(), environment: ["HOME": "/home/me"])
        for setting in loaded.settings {
            let row = try #require(rows.first { $0.hasPrefix("| `\(setting.key)` |") }, "\(setting.key) has no row")
            #expect(row.contains("`\(setting.variable)`"))
            if let flag = setting.flag { #expect(row.contains("`\(flag)`")) }
            let value = setting.value.replacing("\"", with: "")
            let isNone = value.isEmpty || value == "[]"
            let isShown = isNone ? row.contains("none") : row.contains(value) || setting.key == "data_dir"
            #expect(isShown, "\(setting.key): the default \(value) is not in the row")
        }
    }
}
