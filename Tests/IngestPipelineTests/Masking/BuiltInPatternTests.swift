// BuiltInPatternTests.swift - what the built-in patterns find, and what they leave.

import OTLPCodec
import TestSupport
import Testing
import TraceModel

@testable import IngestPipeline

struct BuiltInPatternTests {
    private func masked(_ text: String, _ pattern: BuiltInPattern) throws -> String {
        let rules = MaskingRules(try CompiledRules([.builtIn(pattern)], keepsContent: true))
        let result = try Array(text.utf8).withUnsafeBytes { try rules.text($0, at: .value(.plain)) }
        guard case .replace(let bytes) = result else { return text }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (BuiltInPattern.email, "mail ann.b+c@mail.example.co.uk, please", "mail [email], please"),
        (.email, #"{"to":"x@y.org"}"#, #"{"to":"[email]"}"#),
        (.creditCard, "card 4111 1111 1111 1111 12/28", "card [credit_card] 12/28"),
        (.creditCard, "4111111111111111,5500-0000-0000-0004", "[credit_card],[credit_card]"),
        (.creditCard, "amex 3782 822463 10005", "amex [credit_card]"),
        (.apiKeys, "key=sk-proj-abcDEF0123456789_xyz!", "key=[api_keys]!"),
        (
            .apiKeys, "ghp_0123456789abcdefABCD0123456789abcdef and AIzaSyA0123456789abcdefghijklmnopqrstuv",
            "[api_keys] and [api_keys]"
        ),
        (.awsKeys, "id AKIAIOSFODNN7EXAMPLE", "id [aws_keys]"),
        (.awsKeys, "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY;", "[aws_keys];"),
        (.bearerTokens, "Authorization: Bearer abc.def-123456", "Authorization: [bearer_tokens]"),
        (.bearerTokens, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_", "[bearer_tokens]"),
        (.privateKeys, "-----BEGIN RSA PRIVATE KEY-----\nMIIB+/=\n-----END RSA PRIVATE KEY-----", "[private_keys]"),
        (.usSSN, "ssn 123-45-6789.", "ssn [us_ssn]."),
        (.phone, "call +49 170 1234567 or (555) 123-4567", "call [phone] or [phone]"),
        (.ipv4, "from 192.168.0.1:80", "from [ipv4]:80"),
        (.iban, "to DE89 3704 0044 0532 0130 00 now", "to [iban] now"),
        (.iban, "GB82WEST12345698765432", "[iban]"),
    ])
    func `what it looks for is masked`(_ pattern: BuiltInPattern, _ text: String, _ expected: String) throws {
        #expect(try masked(text, pattern) == expected)
    }

    @Test(arguments: [
        (BuiltInPattern.email, "a@b, user@localhost, @name, x@.org"),
        (.creditCard, "1700000000000000000 4111111111111112 1234-5678-9012-3456 4111"),
        (.apiKeys, "task-force sk-short ghp_short risk-assessment-of-the-whole"),
        (.awsKeys, "AKIA and AKIAIOSFODNN7EXAMPLEX"),
        (.bearerTokens, "the bearer of news, Basic rules"),
        (.usSSN, "000-12-3456 666-12-3456 987-65-4321 1123-45-6789 123-45-67890"),
        (.phone, "2024-01-02 12:30, 1234567890, 4.25"),
        (.ipv4, "1.2.3 and 300.1.1.1 and v1.2.3.4.5x"),
        (.iban, "DE89 3704 0044 0532 0130 01 ABCD12"),
    ])
    func `what only looks alike stays`(_ pattern: BuiltInPattern, _ text: String) throws {
        #expect(try masked(text, pattern) == text)
    }

    @Test(arguments: BuiltInPattern.allCases)
    func `long texts without a match are read through`(_ pattern: BuiltInPattern) throws {
        for piece in ["a", "0", "A1b2", "word ", "a@", "1-", "+1 ", "AB12", "Bearer ", "sk-", "4"] {
            let text = String(repeating: piece, count: 50_000)
            _ = try masked(text, pattern)
        }
    }
}
