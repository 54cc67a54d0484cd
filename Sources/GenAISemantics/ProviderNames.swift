// ProviderNames.swift - one name for each provider (attribute dictionary, section 6).

/// The canonical names of providers.
enum ProviderNames {
    /// From the canonical name to what else is seen, in lower case.
    private static let known: KeyValuePairs<StaticString, [StaticString]> = [
        "openai": ["openai.chat", "openai.responses", "openai_llm", "openai_responses_llm"],
        "anthropic": ["claude", "anthropic.messages", "anthropic_llm"],
        "azure.ai.openai": ["az.ai.openai", "azure", "azure_openai", "azure-openai"],
        "azure.ai.inference": ["az.ai.inference", "azure_ai"],
        "aws.bedrock": [
            "aws", "bedrock", "amazon-bedrock", "amazon_bedrock", "bedrock_converse", "bedrock_converse_llm",
        ],
        "gcp.gemini": ["gemini", "google", "googleai", "google_genai", "genai", "google.generative-ai", "google-gla"],
        "gcp.vertex_ai": ["vertex_ai", "vertexai", "google-vertex"],
        "gcp.gen_ai": [],
        "x_ai": ["xai", "x-ai"],
        "mistral_ai": ["mistral", "mistralai"],
        "cohere": ["cohere_chat"],
        "groq": [],
        "deepseek": [],
        "perplexity": [],
        "ibm.watsonx.ai": ["watsonx"],
        "moonshot_ai": ["moonshot"],
    ]

    /// Hosts that belong to one provider.
    private static let hosts: KeyValuePairs<StaticString, StaticString> = [
        "api.openai.com": "openai",
        "api.anthropic.com": "anthropic",
        "generativelanguage.googleapis.com": "gcp.gemini",
        "api.groq.com": "groq",
        "api.mistral.ai": "mistral_ai",
        "api.deepseek.com": "deepseek",
        "api.x.ai": "x_ai",
        "api.perplexity.ai": "perplexity",
        "api.cohere.com": "cohere",
        "api.cohere.ai": "cohere",
        "api.moonshot.ai": "moonshot_ai",
        "api.moonshot.cn": "moonshot_ai",
        "api.together.xyz": "together_ai",
        "api.together.ai": "together_ai",
        "api.fireworks.ai": "fireworks",
        "api.cerebras.ai": "cerebras",
        "openrouter.ai": "openrouter",
        "api.deepinfra.com": "deepinfra",
        "api.novita.ai": "novita",
        "api.sambanova.ai": "sambanova",
        "api.z.ai": "zai",
        "open.bigmodel.cn": "zhipuai",
        "dashscope.aliyuncs.com": "alibaba",
        "dashscope-intl.aliyuncs.com": "alibaba",
    ]
    /// Where Ollama listens unless told otherwise.
    private static let ollamaPort = ":11434"
    private static let azureHosts = [".openai.azure.com", ".cognitiveservices.azure.com"]

    /// Beginnings of the names of models that one provider makes and serves, or whose names are its own.
    private static let models: KeyValuePairs<StaticString, [StaticString]> = [
        "openai": [
            "gpt-3", "gpt-4", "gpt-5", "chatgpt-", "o1", "o3", "o4-", "text-embedding-3", "text-embedding-ada",
            "davinci-", "whisper-", "tts-", "dall-e-", "omni-moderation", "gpt-image", "gpt-realtime", "gpt-audio",
        ],
        "anthropic": ["claude-"],
        "gcp.gemini": ["gemini-"],
        "mistral_ai": ["mistral-large", "mistral-medium", "mistral-small", "codestral-", "ministral-", "magistral-"],
        "cohere": ["command-", "embed-english", "embed-multilingual", "embed-v4", "rerank-"],
        "deepseek": ["deepseek-chat", "deepseek-reasoner"],
        "x_ai": ["grok-"],
        "perplexity": ["sonar"],
        "moonshot_ai": ["kimi-", "moonshot-"],
        "aws.bedrock": [
            "anthropic.", "amazon.", "us.anthropic.", "eu.anthropic.", "us.amazon.", "eu.amazon.", "apac.amazon.",
        ],
    ]

    private static let names: [StaticString] = known.flatMap { [$0.key] + $0.value }
    private static let canonicalNames: [String] = known.flatMap { entry in
        Array(repeating: "\(entry.key)", count: entry.value.count + 1)
    }
    private static let table = ByteKeyTable(names, ignoresCase: true)
    private static let hostTable = ByteKeyTable(hosts.map(\.key), ignoresCase: true)
    private static let hostProviders = hosts.map { "\($0.value)" }

    /// The canonical name of a provider; an unknown one in lower case, cut at 64 bytes.
    static func canonical(_ name: UnsafeBufferPointer<UInt8>) -> String {
        // Capitalised, this is what older instrumentations send without telling the backend.
        if name.count == 6, name.elementsEqual("Google".utf8) { return "gcp.gen_ai" }
        if let number = table.number(of: name) { return canonicalNames[number] }
        var lowered = String(name, cutAt: TextLimit.provider).lowercased()
        // Lower case can be longer than upper case.
        lowered = lowered.withUTF8 { String($0, cutAt: TextLimit.provider) }
        return lowered
    }

    /// The canonical name of a provider from the name of one of its APIs, such as `mistral.chat`.
    static func canonical(ofAPI name: UnsafeBufferPointer<UInt8>) -> String {
        if let number = table.number(of: name) { return canonicalNames[number] }
        guard let dot = name.firstIndex(of: UInt8(ascii: ".")), dot > 0 else { return canonical(name) }
        return canonical(UnsafeBufferPointer(rebasing: name[..<dot]))
    }

    /// The provider that a model's name points to, by a prefix such as `openai/` or by the name itself.
    ///
    /// - Parameter model: As sent.
    /// - Returns: Nil when the name does not tell, as of models that many serve.
    static func provider(ofModel model: String) -> String? {
        var name = model.lowercased()
        if let slash = name.firstIndex(of: "/") {
            var prefix = String(name[..<slash])
            if let number = prefix.withUTF8({ table.number(of: $0) }) { return canonicalNames[number] }
            name = String(name[name.index(after: slash)...])
        }
        return models.first { entry in entry.value.contains { name.hasPrefix("\($0)") } }.map { "\($0.key)" }
    }

    /// The provider that a server belongs to; nil when its name does not tell.
    ///
    /// - Parameter server: A host name, also with a port or as a URL.
    /// - Returns: The canonical name.
    static func provider(ofHost server: UnsafeBufferPointer<UInt8>) -> String? {
        if let number = hostTable.number(of: server) { return hostProviders[number] }
        guard let place = place(ofServer: server) else { return nil }
        var host = String(place.prefix { $0 != ":" })
        if let number = host.withUTF8({ hostTable.number(of: $0) }) { return hostProviders[number] }
        return azureHosts.contains(where: host.hasSuffix) ? "azure.ai.openai" : nil
    }

    /// Whether a server listens where Ollama does unless told otherwise.
    static func isPlaceOfOllama(_ server: UnsafeBufferPointer<UInt8>) -> Bool {
        place(ofServer: server)?.hasSuffix(ollamaPort) ?? false
    }

    /// Host and port in lower case; nil for nothing or what is too long.
    private static func place(ofServer server: UnsafeBufferPointer<UInt8>) -> Substring? {
        guard server.count <= TextLimit.name, !server.isEmpty else { return nil }
        let text = String(decoding: server, as: UTF8.self).lowercased()
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
        // Behind a user and a password.
        return rest.prefix { $0 != "/" }.split(separator: "@", omittingEmptySubsequences: false).last
    }
}
