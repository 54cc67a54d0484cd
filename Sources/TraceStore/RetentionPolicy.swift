// RetentionPolicy.swift - how long traces are kept, and how much of them.

/// How long traces are kept, and how much of them; nil means without bound.
public struct RetentionLimits: Sendable, Equatable {
    /// Days after which a trace is deleted, counted from when its newest span was stored; 0 for never.
    public var days: Int?
    /// Bytes at most: of the database with its log, or of the stored payloads of one project.
    public var maxBytes: Int64?
    /// Days after which a trace loses its content and keeps its numbers; 0 for never.
    public var contentDays: Int?

    /// Makes limits that keep everything.
    public init(days: Int? = nil, maxBytes: Int64? = nil, contentDays: Int? = nil) {
        self.days = days
        self.maxBytes = maxBytes
        self.contentDays = contentDays
    }
}

/// What a store keeps.
public struct RetentionPolicy: Sendable, Equatable {
    /// What holds unless a project says otherwise; `maxBytes` is for the whole database.
    public var all = RetentionLimits()
    /// What single projects say, by name; a limit that is nil there is that of all, but for `maxBytes`.
    public var projects: [String: RetentionLimits] = [:]

    /// Makes a policy that keeps everything.
    public init() {}

    /// Whether nothing is ever deleted.
    public var isEmpty: Bool {
        all == RetentionLimits() && projects.values.allSatisfy { $0 == RetentionLimits() }
    }

    /// After how many days traces of a project are deleted; nil for never.
    public func days(of project: String) -> Int? { Self.bound(projects[project]?.days ?? all.days) }

    /// After how many days traces of a project lose their content; nil for never.
    public func contentDays(of project: String) -> Int? {
        Self.bound(projects[project]?.contentDays ?? all.contentDays)
    }

    private static func bound(_ days: Int?) -> Int? { days == 0 ? nil : days }
}
