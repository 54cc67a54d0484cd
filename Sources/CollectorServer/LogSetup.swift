// LogSetup.swift - where logs go.

public import Logging

extension Logger {
    /// Sends everything that is logged to standard error; call it once, before anything logs.
    ///
    /// - Parameter level: The least level that is logged.
    /// - Returns: The logger of the collector.
    public static func bootstrapCollector(level: Logger.Level) -> Logger {
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        return Logger(label: "skein")
    }
}
