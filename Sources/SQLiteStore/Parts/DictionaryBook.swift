// DictionaryBook.swift - which dictionary a project's parts are compressed with, and when to train a better one.

import CZstd
import Dispatch
import NIOConcurrencyHelpers
import TraceModel
import TraceStore

/// A dictionary with its number in the database.
struct NumberedDictionary: Sendable {
    var id: Int64
    var dictionary: ZstdCompressionDictionary
}

/// What a batch uses of a project's dictionaries, and what it tells of how its parts shrank.
struct DictionaryPage {
    let project: String
    /// What to compress the parts with.
    var dictionary: NumberedDictionary
    /// Whether pieces of parts are wanted for a training.
    fileprivate let isSampling: Bool
    fileprivate var sizes: [(plain: Int, packed: Int)] = []
    fileprivate var pieces: [[UInt8]] = []

    /// Takes note of a compressed part.
    mutating func add(_ plain: [UInt8], packedTo packed: Int) {
        sizes.append((plain.count, packed))
        guard isSampling, pieces.count < DictionaryBook.samplesWanted else { return }
        pieces.append(Array(plain.prefix(DictionaryBook.sampleBytes)))
    }
}

/// The dictionaries that parts are compressed with: the shipped one, and per project one trained from its own spans.
///
/// Own data compresses far better with a dictionary of its own kind: see docs/architecture.md.
/// Training takes about 0.2 s of one background thread, at the first 6 MiB of a project, at 1 GiB, and when parts shrink
/// less than they did.
final class DictionaryBook: Sendable {
    /// Dictionaries of its own are kept for at most so many projects; the others use the shipped one.
    private static let maxProjects = 16
    fileprivate static let sampleBytes = 16 * 1024
    fileprivate static let samplesWanted = 384
    /// Plain bytes of a project between two trainings, by how many there were.
    fileprivate static let intervals = [0, 1 << 30, 16 << 30]
    private static let dictionaryBytes = 1024 * 1024

    fileprivate struct Project {
        var own: NumberedDictionary?
        var trainings = 0
        var bytesSince = 0
        var samples: [UInt8] = []
        var sizes: [Int] = []
        var isTraining = false
        var ratio = RatioWatch()
        var drifts = 0
    }

    /// Plain bytes since the last training before drift alone can start one; doubled with each such training.
    fileprivate static let driftInterval = 4 << 20

    let shipped: NumberedDictionary
    /// Whether any dictionary but the shipped one is trained and used.
    private let isTraining: Bool
    private let projects: NIOLockedValueBox<[String: Project]>
    private let trainer = DispatchQueue(label: "skein-trainer", qos: .utility)
    /// Takes a trained dictionary to the writer.
    private let deliver: @Sendable (_ project: String, _ bytes: [UInt8]) -> Void

    init(
        shipped: NumberedDictionary,
        own: [String: (newest: NumberedDictionary, count: Int)],
        isTraining: Bool = true,
        deliver: @escaping @Sendable (_ project: String, _ bytes: [UInt8]) -> Void
    ) {
        self.shipped = shipped
        self.isTraining = isTraining
        self.deliver = deliver
        let known = own.mapValues { Project(own: $0.newest, trainings: $0.count) }
        projects = NIOLockedValueBox(known)
    }

    /// What to compress the next part of a project with.
    func dictionary(for project: String) -> NumberedDictionary {
        guard isTraining else { return shipped }
        return projects.withLockedValue { $0[project]?.own } ?? shipped
    }

    /// From now on the project's parts are compressed with this one.
    func publish(_ dictionary: NumberedDictionary, for project: String) {
        projects.withLockedValue { projects in
            projects[project, default: Project()].own = dictionary
            projects[project]?.trainings += 1
            projects[project]?.bytesSince = 0
            projects[project]?.isTraining = false
            projects[project]?.ratio = RatioWatch()
        }
    }

    /// The trained dictionary could not be stored; a later one may be.
    func abandon(_ project: String) {
        projects.withLockedValue { projects in
            projects[project]?.bytesSince = 0
            projects[project]?.isTraining = false
        }
    }

    /// Lets go of what only work needs.
    func rest() {
        let all = projects.withLockedValue { $0.values.compactMap { $0.own?.dictionary } }
        for dictionary in all + [shipped.dictionary] { dictionary.rest() }
    }

    /// What the next parts of a project are compressed with.
    func page(of project: String) -> DictionaryPage {
        guard isTraining else { return DictionaryPage(project: project, dictionary: shipped, isSampling: false) }
        return projects.withLockedValue { projects in
            let known = projects[project]
            // The first parts of all count, though nothing is known of them yet.
            let isSampling = known.map(\.isSampling) ?? (projects.count < Self.maxProjects)
            return DictionaryPage(project: project, dictionary: known?.own ?? shipped, isSampling: isSampling)
        }
    }

    /// Takes note of compressed parts; starts a training when it is time and there are samples enough.
    ///
    /// It is time after so many bytes, or when parts no longer shrink as they did: the spans have changed.
    func note(_ page: DictionaryPage) {
        guard isTraining else { return }
        let project = page.project
        let ready: (samples: [UInt8], sizes: [Int])? = projects.withLockedValue { projects in
            if projects[project] == nil {
                guard projects.count < Self.maxProjects else { return nil }
                projects[project] = Project()
            }
            return projects[project]?.take(page)
        }
        guard let ready else { return }
        let deliver = deliver
        trainer.async {
            if let bytes = Self.train(ready.samples, ready.sizes) {
                deliver(project, bytes)
            } else {
                self.abandon(project)
            }
        }
    }

    /// Trains a dictionary; nil when the samples are not worth one.
    static func train(_ samples: [UInt8], _ sizes: [Int], tableBits: UInt32 = 20) -> [UInt8]? {
        var dictionary = [UInt8](repeating: 0, count: dictionaryBytes)
        var parameters = ZDICT_fastCover_params_t()
        parameters.k = 500
        parameters.d = 8
        parameters.f = tableBits
        parameters.accel = 5
        parameters.zParams.compressionLevel = 1
        let length = ZDICT_trainFromBuffer_fastCover(
            &dictionary,
            dictionary.count,
            samples,
            sizes,
            UInt32(sizes.count),
            parameters
        )
        return ZDICT_isError(length) != 0 ? nil : Array(dictionary[..<length])
    }
}

extension DictionaryBook.Project {
    /// Whether it is time for samples.
    fileprivate var isSampling: Bool { !isTraining && isDue }

    /// Counts parts, keeps samples while it is time to; gives them when there are enough.
    fileprivate mutating func take(_ page: DictionaryPage) -> (samples: [UInt8], sizes: [Int])? {
        for size in page.sizes {
            bytesSince += size.plain
            ratio.note(plain: size.plain, packed: size.packed)
        }
        guard isSampling else { return nil }
        for piece in page.pieces where sizes.count < DictionaryBook.samplesWanted {
            samples += piece
            sizes.append(piece.count)
        }
        guard sizes.count >= DictionaryBook.samplesWanted else { return nil }
        isTraining = true
        if ratio.hasDrifted { drifts += 1 }
        defer {
            samples = []
            sizes = []
        }
        return (samples, sizes)
    }

    private var isDue: Bool {
        if bytesSince >= DictionaryBook.intervals[min(trainings, DictionaryBook.intervals.count - 1)] { return true }
        return ratio.hasDrifted && bytesSince >= DictionaryBook.driftInterval << min(drifts, 20)
    }
}

/// Watches how well parts shrink with one dictionary.
struct RatioWatch {
    /// Parts that make the first measure.
    private static let first = 256
    private var parts = 0
    private var plain = 0
    private var packed = 0
    private var recent = 0.0

    mutating func note(plain bytes: Int, packed length: Int) {
        guard bytes > 0 else { return }
        parts += 1
        if parts <= Self.first {
            plain += bytes
            packed += length
        }
        let ratio = Double(length) / Double(bytes)
        recent = parts == 1 ? ratio : recent + (ratio - recent) / 128
    }

    /// Whether parts take a quarter more room now than with the dictionary fresh.
    var hasDrifted: Bool {
        parts > 2 * Self.first && recent > Double(packed) / Double(max(plain, 1)) * 1.25
    }
}
