// SpotCheckTests.swift - the costs that the reference gives.

import Pricing
import Testing
import TraceModel

struct SpotCheckTests {
    @Test(arguments: [
        ("anthropic", "claude-sonnet-4-5-20250929", "1.125"),
        ("anthropic", "claude-haiku-4-5-20251001", "0.19375"),
        ("anthropic", "claude-opus-4-5", "0.96875"),
        ("anthropic", "claude-3-5-haiku-latest", "0.155"),
        ("anthropic", "claude-sonnet-4-6", "0.58125"),
        ("anthropic", "claude-opus-4-1-20250805", "2.90625"),
        ("anthropic", "claude-opus-5-20260801", "0.96875"),
        ("openai", "gpt-4o", "0.55"),
        ("openai", "gpt-4o-mini-2024-07-18", "0.033"),
        ("openai", "gpt-4.1", "0.39"),
        ("openai", "gpt-5", "0.25"),
        ("openai", "gpt-5-mini", "0.05"),
        ("openai", "gpt-5.1", "0.25"),
        ("openai", "gpt-5.4-mini-2026-03-17", "0.1425"),
        ("openai", "o3", "0.39"),
        ("openai", "o4-mini", "0.2145"),
        ("openai", "gpt-4", "7.8"),
        ("openai", "text-embedding-3-small", "0.005"),
        ("google", "gemini-2.5-pro", "0.475"),
        ("google", "gemini-2.5-flash", "0.0605"),
        ("google", "gemini-2.0-flash", "0.0195"),
        ("google", "claude-sonnet-4-5@20250929", "1.125"),
        ("aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "0.639375"),
        ("aws", "amazon.nova-pro-v1:0", "0.156"),
        ("azure", "gpt-4o", "0.55"),
        ("mistral", "mistral-large-latest", "0.53"),
        ("groq", "llama-3.3-70b-versatile", "0.15145"),
        ("deepseek", "deepseek-chat", "0.053"),
        ("x-ai", "grok-4-0709", "0.6"),
        ("cohere", "command-r-plus", "0.675"),
        ("openrouter", "anthropic/claude-sonnet-4.5", "1.1025"),
        ("together", "meta-llama/Llama-3.3-70B-Instruct-Turbo", "0.2244"),
        ("fireworks", "accounts/fireworks/models/kimi-k2p5", "0.115"),
        ("perplexity", "sonar-pro", "0.839"),
        ("moonshotai", "kimi-k2-0905-preview", "0.1175"),
        ("zai", "glm-4.6", "0.112"),
    ])
    func `a call costs what the reference says`(_ provider: String, _ model: String, _ usd: String) throws {
        #expect(try Sample.table.usd(model, provider, Sample.spotUsage()) == usd)
    }

    @Test func `the list price of the worked example is 0_0165`() throws {
        #expect(try Sample.table.usd("gpt-4", "openai", Sample.usage(150, 200)) == "0.0165")
    }
}
