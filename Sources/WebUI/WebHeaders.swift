// WebHeaders.swift - what every answer of the page tells the browser.

import HTTPTypes

/// Header fields that keep foreign code out of the page, and the page out of foreign frames.
enum WebHeaders {
    /// Only files of this server run, and only this server is talked to (Content Security Policy Level 3).
    static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "font-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// The fields of every answer.
    static let all: HTTPFields = {
        var fields = HTTPFields()
        for (name, value) in [
            ("content-security-policy", policy), ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"), ("cross-origin-opener-policy", "same-origin"),
        ] {
            guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is a valid field name") }
            fields[name] = value
        }
        return fields
    }()
}
