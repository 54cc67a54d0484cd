// FileDescriptorLimit.swift - as many open files as the system allows.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The limit on open files of this process.
enum FileDescriptorLimit {
    /// Raises the limit as far as the system allows, up to 65,536.
    ///
    /// A server that runs out of descriptors cannot accept, and the usual limit of 1,024 is soon used up.
    ///
    /// - Returns: The limit that holds now.
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 256 }
        let wanted = min(limit.rlim_max, 65_536)
        if limit.rlim_cur < wanted {
            var raised = limit
            raised.rlim_cur = wanted
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// Connections that leave enough descriptors for files.
    static func connections(wanted: Int, limit: Int) -> Int {
        max(16, min(wanted, limit - max(128, limit / 4)))
    }

    #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
    private static let resource = RLIMIT_NOFILE
    #endif
}
