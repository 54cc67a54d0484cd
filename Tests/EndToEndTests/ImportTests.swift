// ImportTests.swift - files of all kinds on their way in, good and bad.

import CollectorServer
import Foundation
import Synchronization
import TestSupport
import Testing
import TraceModel
import TraceStore

@Suite(.timeLimit(.minutes(5)))
struct ImportTests {
    private let files = TransferFolder()

    private static func request(_ traces: ClosedRange<UInt64>) -> [UInt8] {
        SampleSpan.request(traces.map { SampleSpan(trace: $0, id: 1, at: $0) })
    }

    private static func json(_ trace: UInt64) -> String {
        let id = TraceID(high: 0xABCD, low: trace).hex
        return """
            {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"\(id)","spanId":"0000000000000001",\
            "name":"a","startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000000000001"}]}]}]}
            """
    }

    /// The form of the collector's file exporter for protobuf.
    private static func framed(_ messages: [[UInt8]]) -> [UInt8] {
        messages.flatMap { message in
            withUnsafeBytes(of: UInt32(message.count).bigEndian) { Array($0) } + message
        }
    }

    /// Imports bytes into a fresh folder, and gives what became of them, the notes and the error.
    private func imported(
        _ bytes: some Sequence<UInt8>,
        project: String? = nil,
        skipsBad: Bool = false
    ) async throws -> (report: ImportReport, notes: [String], error: (any CollectorError)?, folder: String) {
        let folder = files.path(UUID().uuidString)
        let path = try files.write(bytes, as: "file")
        let notes = Mutex<[String]>([])
        return try await LiveServer.withAPI(folder: folder) { access in
            var importer = try Importer(access, project: project, skipsBad: skipsBad) { note in
                notes.withLock { $0.append(note) }
            }
            do {
                try await importer.add(path)
                return (importer.report, notes.withLock { $0 }, nil, folder)
            } catch let error as any CollectorError {
                return (importer.report, notes.withLock { $0 }, error, folder)
            }
        }
    }

    @Test func `every form is known by its content`() async throws {
        let record = SampleRecord("gen_ai.user.message", trace: 1, span: 1).saying(("content", "hello"))
        let logs = SampleRecord.request([record])
        let pretty = try JSONSerialization.data(
            withJSONObject: JSONSerialization.jsonObject(with: Data(Self.json(1).utf8)),
            options: .prettyPrinted
        )
        let forms: [(String, [UInt8], Int, Int)] = [
            ("lines", Array("\(Self.json(1))\n\(Self.json(2))\n".utf8), 2, 0),
            ("lines without an end", Array("\(Self.json(1))\n\n\(Self.json(2))".utf8), 2, 0),
            ("lines of Windows", Array("\u{FEFF}\(Self.json(1))\r\n\(Self.json(2))\r\n".utf8), 2, 0),
            ("one document over many lines", Array(pretty), 1, 0),
            ("documents over many lines", Array(pretty) + [0x0A] + Array(pretty), 1, 0),
            ("a line break first", [0x0A] + Array(pretty), 1, 0),
            ("framed messages", Self.framed([Self.request(1...3), [], Self.request(4...4)]), 4, 0),
            ("framed logs", Self.framed([logs]), 0, 1),
            ("one message", Self.request(1...3), 3, 0),
            ("one message of logs", logs, 0, 1),
            ("nothing", [], 0, 0),
            ("an empty line", [0x0A], 0, 0),
        ]
        for (name, bytes, spans, records) in forms {
            let result = try await imported(bytes)
            #expect(result.error == nil, "\(name): \(result.error?.message ?? "")")
            #expect(result.report.stored == spans && result.report.records == records, "\(name): \(result.report)")
        }
    }

    @Test func `gzip files are inflated, of several members too, and a cut one is noticed`() async throws {
        let plain = files.path("plain.jsonl")
        let lines = (1...500 as ClosedRange<UInt64>).map { Self.json($0) + "\n" }
        try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: plain))
        let packed = try Self.gzipped(plain)
        #expect(try await imported(packed).report.stored == 500)
        #expect(try await imported(packed + packed + [0, 0, 0]).report.duplicates == 500)
        let cut = try await imported(packed.dropLast(20))
        #expect(cut.error?.message.contains("the gzip file is cut off") == true)
        let damaged = try await imported(packed.prefix(40) + [UInt8](repeating: 7, count: 200))
        #expect(damaged.error?.message.contains("the gzip file is damaged") == true)
    }

    private static func gzipped(_ path: String) throws -> Data {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/gzip")
        process.arguments = ["-c", path]
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return data
    }

    @Test func `what cannot be read is named with its line, and the lines before it are stored`() async throws {
        let good = Self.json(1)
        let cases: [(String, String)] = [
            ("{\"resourceSpans\":[{", "line 2: JSON is malformed at byte"),
            ("nonsense", "line 2: JSON is malformed at byte 0"),
            ("{\"resourceMetrics\":[]}", "line 2: holds metrics"),
            ("{\"trace_id\":\"1\",\"spans\":[]}", "line 2: an export in the form jsonl"),
            ("{\"other\":1}", "line 2: neither"),
            ("{\"resourceSpans\":[],\"skein\":{\"project\":\"\"}}", "line 2: the project is 0 bytes"),
        ]
        for (bad, message) in cases {
            let text = "\(good)\n\(bad)\n\(Self.json(2))\n"
            let stopped = try await imported(Array(text.utf8))
            #expect(stopped.error?.message.contains(message) == true, "\(stopped.error?.message ?? "-")")
            #expect(stopped.report.stored == 1)
            let skipped = try await imported(Array(text.utf8), skipsBad: true)
            #expect(skipped.error == nil)
            #expect(skipped.report.stored == 2 && skipped.report.skipped == 1)
            #expect(skipped.notes.contains { $0.contains(message) })
        }
        // The first line as well, which is no document of many lines then.
        let first = try await imported(Array("{\"resourceSpans\":[{\n\(good)\n".utf8), skipsBad: true)
        #expect(first.report.stored == 1 && first.report.skipped == 1)
    }

    @Test func `a message that is cut off is told, and those before it are stored`() async throws {
        let bytes = Self.framed([Self.request(1...2), Self.request(3...3)])
        let cut = try await imported(bytes.dropLast(10))
        #expect(cut.report.stored == 2)
        #expect(cut.error?.message.contains("message 2, at byte") == true)
        let bad = Self.framed([Self.request(1...2), [0x0A, 0x7F, 0x01], Self.request(3...3)])
        #expect(try await imported(bad).error?.message.contains("message 2") == true)
        let skipped = try await imported(bad, skipsBad: true)
        #expect(skipped.report.stored == 3 && skipped.report.skipped == 1)
        let zstd = Self.framed([[0x28, 0xB5, 0x2F, 0xFD, 1, 2, 3]])
        #expect(try await imported(zstd).error?.message.contains("compressed with zstd") == true)
        let image = [0x89, 0x50, 0x4E, 0x47] as [UInt8]
        #expect(try await imported(image + image).error?.message.contains("neither OTLP JSON lines") == true)
    }

    @Test func `spans that can never be accepted are counted, and the others stored`() async throws {
        let bad = Self.json(1).replacingOccurrences(of: "0000000000000001", with: "0000000000000000")
        let result = try await imported(Array("\(Self.json(1))\n\(bad)\n".utf8))
        #expect(result.error == nil)
        #expect(result.report.stored == 1 && result.report.rejected == 1)
        #expect(result.notes.contains { $0.hasPrefix("rejected: ") })
    }

    @Test func `the project is that of the option, else of the line`() async throws {
        let line = Self.json(1).dropLast() + ",\"skein\":{\"project\":\"of the line\"}}"
        for (option, project) in [(nil, "of the line"), ("of the option", "of the option")] {
            let result = try await imported(Array("\(line)\n".utf8), project: option)
            try await LiveServer.run(folder: result.folder) { (server: LiveServer) async throws -> Void in
                #expect(try await server.rows().map { $0["project"] as? String } == [project])
            }
        }
        await #expect(throws: ImportError.self) { _ = try await imported([], project: "\n") }
    }

    @Test func `requests stay under the limit of the server, and one span that is larger is refused`() async throws {
        try await LiveServer.run(configure: { $0.maxBodyBytes = 100_000 }) {
            (server: LiveServer) async throws -> Void in
            let spans = (1...300 as ClosedRange<UInt64>).map {
                SampleSpan(trace: $0 % 7, id: $0, at: $0).with(("input", .text(String(repeating: "y", count: 2000))))
            }
            let path = try files.write(SampleSpan.request(spans), as: "large.pb")
            try await server.withAPI { access in
                var importer = try Importer(access)
                try await importer.add(path)
                #expect(importer.report.stored == 300)
            }
            let huge = SampleSpan(trace: 9, id: 1).with(("input", .text(String(repeating: "y", count: 200_000))))
            let other = try files.write(SampleSpan.request([huge]), as: "huge.pb")
            try await server.withAPI { access in
                var importer = try Importer(access)
                await #expect(throws: APIRefusal.self) { try await importer.add(other) }
            }
        }
    }

    @Test func `an import that was stopped midway goes on when it is repeated`() async throws {
        let lines = (1...3000 as ClosedRange<UInt64>).map { trace in
            SampleSpan(trace: trace, id: 1, at: trace).with(("input", .text(String(repeating: "z", count: 4000))))
        }
        let path = try files.write(Self.framed(lines.map { SampleSpan.request([$0]) }), as: "many.bin")
        try await LiveServer.run { (server: LiveServer) async throws -> Void in
            let (seen, tell) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                try await server.withAPI { access in
                    var importer = try Importer(access, onProgress: { _ in tell.yield() })
                    try await importer.add(path)
                }
            }
            var requests = seen.makeAsyncIterator()
            _ = await requests.next()
            task.cancel()
            await #expect(throws: (any Error).self) { try await task.value }
            try await server.withAPI { access in
                var importer = try Importer(access)
                try await importer.add(path)
                #expect(importer.report.duplicates > 0)
                #expect(importer.report.stored + importer.report.duplicates == 3000)
            }
            #expect(try await server.lines("/v1/export?format=csv").count == 3001)
        }
    }

    @Test func `a server that asks for a key gets it, and its refusal is told`() async throws {
        let folder = LiveServer.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await LiveServer.run(folder: folder) { (server: LiveServer) async throws -> Void in
            let key = APIKey()
            let keys = try await OwnedKeys.open(directory: folder)
            try await keys.addKey(try key.record(name: "", project: "mine", scopes: [.ingest, .read]))
            let path = try files.write(Self.request(1...2), as: "two.pb")
            let config = CollectorConfig(dataDirectory: folder)
            for (text, isKnown) in [(nil, false), ("wrong", false), (key.text, true)] as [(String?, Bool)] {
                let access = try await APIAccess.open(config, url: server.url, key: text)
                var importer = try Importer(access)
                if isKnown {
                    try await importer.add(path)
                    #expect(try await Exporter(access).write([], to: files.path("mine.jsonl")) > 0)
                } else {
                    await #expect(throws: APIRefusal.self) { try await importer.add(path) }
                    await #expect(throws: APIRefusal.self) {
                        _ = try await Exporter(access).write([], to: files.path("none.jsonl"))
                    }
                    #expect(!FileManager.default.fileExists(atPath: files.path("none.jsonl")))
                }
                await access.close()
            }
            // The owner needs none.
            let text = try await LiveServer.withAPI(folder: folder) { access in
                try await String(decoding: access.get("/v1/traces").checked().collect(), as: UTF8.self)
            }
            #expect(text.contains("\"project\":\"mine\""))
        }
    }
}
