// BuiltInPattern.swift - patterns for what is masked most often.

/// A pattern that a rule can name; none is used unless named.
public enum BuiltInPattern: String, Sendable, CaseIterable {
    /// Mail addresses.
    case email
    /// Numbers of payment cards that pass the Luhn check, plain or in groups.
    case creditCard = "credit_card"
    /// Keys of LLM providers, GitHub, GitLab, Slack, Stripe, Google and others that can be told by their form.
    case apiKeys = "api_keys"
    /// Identifiers and secrets of AWS keys.
    case awsKeys = "aws_keys"
    /// What stands behind `Bearer` or `Basic`, and JSON web tokens.
    case bearerTokens = "bearer_tokens"
    /// Private keys in PEM form.
    case privateKeys = "private_keys"
    /// Social security numbers of the US, with dashes.
    case usSSN = "us_ssn"
    /// Telephone numbers that begin with `+`, and US numbers in groups.
    case phone
    /// IPv4 addresses.
    case ipv4 = "ipv4"
    /// International bank account numbers that pass their check.
    case iban

    /// What stands in the place of a match where the rule says nothing else.
    var replacement: String { "[\(rawValue)]" }

    /// The pattern.
    var pattern: String {
        switch self {
        case .email:
            #"\b[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}\b"#
        case .creditCard:
            #"\b(?:[2-6]\d{3}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}|3\d{3}[ -]?\d{6}[ -]?\d{5}|[3-6]\d{12,18})\b"#
        case .apiKeys:
            #"\b(?:sk-[A-Za-z0-9_-]{16,}|(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}|gh[pousr]_[A-Za-z0-9]{20,}"#
                + #"|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{20,}|xox[abeoprs]-[A-Za-z0-9-]{10,}"#
                + #"|AIza[A-Za-z0-9_-]{35}|hf_[A-Za-z0-9]{20,}|gsk_[A-Za-z0-9]{20,}|xai-[A-Za-z0-9]{20,}"#
                + #"|pplx-[A-Za-z0-9]{20,}|r8_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,})"#
        case .awsKeys:
            #"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"#
                + #"|[Aa][Ww][Ss]_?[Ss][Ee][Cc][Rr][Ee][Tt]_?[Aa][Cc][Cc][Ee][Ss][Ss]_?[Kk][Ee][Yy]["']?\s*[:=]\s*["']?"#
                + #"[A-Za-z0-9/+]{40}"#
        case .bearerTokens:
            #"\b(?:[Bb][Ee][Aa][Rr][Ee][Rr]|[Bb]asic)\s+[A-Za-z0-9._~+/-]{8,}=*"#
                + #"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"#
        case .privateKeys:
            #"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[A-Za-z0-9+/=\s\\:,-]*"#
        case .usSSN: #"\b\d{3}-\d{2}-\d{4}\b"#
        case .phone:
            #"\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){2,4}\b"#
                + #"|(?:\(\d{3}\) ?|\b\d{3}[.-])\d{3}[.-]\d{4}\b"#
        case .ipv4:
            #"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b"#
        case .iban: #"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"#
        }
    }

    /// Whether a match of the pattern is what it looks like.
    func accepts(_ match: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .creditCard: Checksum.passesLuhn(match)
        case .iban: Checksum.passesMod97(match)
        case .usSSN:
            !match.starts(with: "000".utf8) && !match.starts(with: "666".utf8) && match.first != UInt8(ascii: "9")
        case .email, .apiKeys, .awsKeys, .bearerTokens, .privateKeys, .phone, .ipv4: true
        }
    }
}

/// Checks that numbers carry in themselves.
enum Checksum {
    /// The Luhn check over the digits (ISO/IEC 7812-1, annex B); 13 to 19 of them.
    static func passesLuhn(_ text: UnsafeRawBufferPointer) -> Bool {
        let digits = text.compactMap { byte in (0x30...0x39).contains(byte) ? Int(byte - 0x30) : nil }
        guard (13...19).contains(digits.count) else { return false }
        let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
            guard digit.offset % 2 == 1 else { return sum + digit.element }
            let doubled = digit.element * 2
            return sum + (doubled > 9 ? doubled - 9 : doubled)
        }
        return sum % 10 == 0
    }

    /// The check of an IBAN (ISO 13616): its first four characters put last, letters as 10 to 35, modulo 97 is 1.
    static func passesMod97(_ text: UnsafeRawBufferPointer) -> Bool {
        let characters = text.filter { $0 != UInt8(ascii: " ") }
        guard (15...34).contains(characters.count) else { return false }
        let rest = (characters[4...] + characters[..<4]).reduce(0) { rest, byte in
            (0x30...0x39).contains(byte)
                ? (rest * 10 + Int(byte - 0x30)) % 97 : (rest * 100 + Int(byte) - 0x41 + 10) % 97
        }
        return rest == 1
    }
}
