// ProviderNames.swift - one name for each provider (attribute dictionary, section 6).

/// The canonical names of providers.
enum ProviderNames {
    /// From the canonical name to what else is seen, in lower case.
    private static let known: KeyValuePairs<StaticString, [StaticString]> = [
        "openai": ["openai.chat", "openai.responses"],
        "anthropic": ["claude", "anthropic.messages"],
        "azure.ai.openai": ["az.ai.openai", "azure", "azure_openai", "azure-openai"],
        "azure.ai.inference": ["az.ai.inference", "azure_ai"],
        "aws.bedrock": ["aws", "bedrock", "amazon-bedrock", "bedrock_converse"],
        "gcp.gemini": ["gemini", "google", "googleai", "google_genai", "google.generative-ai", "google-gla"],
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

    /// The provider that a host name belongs to; nil when the host does not tell.
    static func provider(ofHost host: UnsafeBufferPointer<UInt8>) -> String? {
        hostTable.number(of: host).map { hostProviders[$0] }
    }
}
