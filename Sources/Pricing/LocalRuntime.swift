// LocalRuntime.swift - what runs models on one's own machines.

/// Programs that serve models without charging for calls.
///
/// Only the name tells: an address on this machine may as well be a gateway to a provider that charges.
enum LocalRuntime {
    /// Their names as provider attributes and as prefixes of model names, in lower case.
    static let names: Set<String> = [
        "ollama", "ollama_chat", "vllm", "hosted_vllm", "lmstudio", "lm_studio", "lm-studio", "llamacpp", "llama.cpp",
        "llama_cpp", "llama-cpp", "llamafile", "localai", "gpt4all", "sglang", "mlx",
    ]
}
