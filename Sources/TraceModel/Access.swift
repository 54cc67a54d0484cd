// Access.swift - who may do what, in which project.

/// What a key may be used for.
public enum AccessScope: String, Sendable, CaseIterable, Codable {
    /// Sending spans.
    case ingest
    /// Reading traces and `/metrics`.
    case read
    /// Everything, deleting and settings included.
    case admin
}

/// What a request is allowed to touch.
public struct AccessGrant: Sendable, Equatable {
    /// The one project that it may write to or read; nil for any.
    public var project: String?

    /// Makes a grant.
    public init(project: String?) {
        self.project = project
    }

    /// Any project.
    public static let open = AccessGrant(project: nil)
}

/// Why a request may not do what it asks for; never says anything of the key that it came with.
public struct AccessError: CollectorError, Equatable {
    /// `unauthenticated` without a valid key, `forbidden` when the key is not for this.
    public let code: ErrorCode
    /// What to do about it.
    public let message: String

    private init(code: ErrorCode, message: String) {
        self.code = code
        self.message = message
    }

    /// No key came with the request.
    public static let missing = AccessError(
        code: .unauthenticated,
        message: "a key is needed: send it as 'Authorization: Bearer KEY' or 'x-api-key: KEY'; "
            + "'skein keys create' makes one"
    )

    /// The key is not known, or was revoked.
    public static let unknown = AccessError(
        code: .unauthenticated,
        message: "the key is not known here, or was revoked; 'skein keys list' shows which there are"
    )

    /// The key lacks a scope.
    public static func lacking(_ scope: AccessScope) -> AccessError {
        AccessError(
            code: .forbidden,
            message: "the key has not the scope '\(scope.rawValue)'; "
                + "'skein keys create --scope \(scope.rawValue)' makes one that has"
        )
    }

    /// The key is for another project than the one asked for.
    public static let otherProject = AccessError(
        code: .forbidden,
        message: "the key belongs to another project than the one that the request names; leave the name out"
    )
}

/// Decides what a request may touch.
public protocol AccessPolicy: Sendable {
    /// What the bearer of these credentials may touch.
    ///
    /// - Parameters:
    ///   - scope: What the request is about to do.
    ///   - credentials: What came with it.
    /// - Returns: The project that it may use, or any.
    /// - Throws: `AccessError`.
    func grant(_ scope: AccessScope, to credentials: Credentials) throws(AccessError) -> AccessGrant
}

/// Everybody may do everything.
public struct OpenAccess: AccessPolicy {
    /// Makes a policy.
    public init() {}

    /// See `AccessPolicy`.
    public func grant(_ scope: AccessScope, to credentials: Credentials) -> AccessGrant {
        .open
    }
}
