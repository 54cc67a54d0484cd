// SkeinVersion.swift - the version, in its one place.

/// The version of this build.
public enum SkeinVersion {
    /// The version as released: semantic versioning.
    public static let current = "0.1.0"
}
