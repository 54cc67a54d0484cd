// CollectorServer+SQLite.swift - the collector on the embedded store.

import Foundation
import GenAISemantics
public import IngestPipeline
public import Logging
public import Pricing
import SQLiteStore
import TraceStore

extension CollectorServer {
    /// Puts a collector together on the embedded store, which is opened here.
    ///
    /// - Throws: `StoreError` when the directory is locked, cannot be used, or was written by a newer version;
    ///   `ConfigError` when a rule that masks cannot be used; `PriceError` when the price table is damaged.
    public static func onSQLite(
        config: CollectorConfig,
        logger: Logger,
        onRunning: @escaping @Sendable (ServedAddresses) async -> Void = { _ in }
    ) throws -> CollectorServer {
        let extraction = try config.extraction()
        let masking = try config.masking()
        if masking != nil {
            logger.notice(
                "spans are masked before they are stored",
                metadata: [
                    "masking.content": "\(config.keepsContent ? "on" : "off")",
                    "masking.rules": "\(config.redaction.count)",
                ]
            )
        }
        var place = SQLiteStoreConfig(directory: config.dataDirectory)
        place.trainsDictionaries = config.keepsContent
        place.indexesText = config.indexesText
        place.recompacts = config.recompacts
        place.retention = config.retention
        place.contentRemoval = try config.contentRemoval()
        let metrics = MetricsRegistry()
        let store = try SQLiteTraceStore(
            config: place,
            extraction: extraction,
            analysis: config.analysis(),
            logger: logger,
            metricsFactory: metrics
        )
        let path = store.path
        let spans = TracePipeline(
            writer: store,
            extraction: extraction.findingProperties,
            masking: masking,
            metricsFactory: metrics
        )
        return CollectorServer(
            config: config,
            store: store,
            consumer: spans,
            logs: LogPipeline(writer: store, spans: spans, masking: masking, keepsContent: config.keepsContent),
            metrics: metrics,
            storeGauges: {
                let lag = store.textLag
                return [
                    ("store_database_bytes", size(of: path)), ("store_log_bytes", size(of: path + "-wal")),
                    ("store_text_lag_parts", Double(lag.parts)), ("store_text_lag_seconds", lag.seconds),
                ]
            },
            logger: logger,
            onRunning: onRunning
        )
    }
}

extension CollectorConfig {
    /// What reads spans, with the user's mappings and prices.
    ///
    /// - Throws: `PriceError` when the price table is damaged, or a price of the user cannot be used.
    public func extraction() throws(PriceError) -> SpanExtractor {
        SpanExtractor(
            prices: CallPrices(try PriceTable.embedded().adding(prices)),
            conventions: AttributeConventions(mappings: mappings)
        )
    }

    /// What looks stored spans through, with the user's mappings.
    func analysis() -> SpanAnalysis {
        SpanAnalysis(conventions: AttributeConventions(mappings: mappings))
    }

    /// What takes the content out of traces that have had theirs for long enough.
    ///
    /// - Throws: `ConfigError`; not while it has no rules.
    func contentRemoval() throws(ConfigError) -> SpanMasking {
        do throws(RedactionError) {
            return try SpanMasking.contentOff()
        } catch {
            throw ConfigError(problems: [error.message])
        }
    }

    /// What masks spans before they are stored; nil when nothing is masked.
    ///
    /// - Throws: `ConfigError` when a rule cannot be used.
    func masking() throws(ConfigError) -> SpanMasking? {
        do throws(RedactionError) {
            return try SpanMasking(rules: redaction, keepsContent: keepsContent)
        } catch {
            throw ConfigError(problems: [error.message])
        }
    }
}

/// The bytes of a file; 0 when it is not there.
private func size(of path: String) -> Double {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
}
