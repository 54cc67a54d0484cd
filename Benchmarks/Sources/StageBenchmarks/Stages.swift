// Stages.swift - the benchmark of each stage of ingest: what it costs for itself.

import CAllocationCount
import CAllocatorSetup
import Glibc

/// `stages [--bodies N] [--rounds N] SET`, see scripts/bench_stages.sh.
@main
enum Stages {
    static func main() async throws {
        guard let options = Options(CommandLine.arguments.dropFirst()) else {
            print("usage: stages [--bodies N] [--rounds N] [--only STAGE] [--data DIR] SET")
            exit(64)
        }
        skein_allocator_setup()
        show(StageFigures.head)
        let codecs = try CodecStages(options)
        for stage in codecs.all where options.includes(stage.name) {
            var rounds: [StageFigures] = []
            for _ in 0..<options.rounds { rounds.append(try measure(stage)) }
            show(StageFigures.median(rounds).line)
        }
        guard options.includes("compression") || options.includes("sqlite-writer") else { return }
        for figures in try await StoreStages(options).run() { show(figures.line) }
    }

    /// Prints a line at once, also into a pipe.
    private static func show(_ line: String) {
        print(line)
        fflush(nil)
    }

    private static func measure(_ stage: Stage) throws -> StageFigures {
        let prepared = try stage.prepare()
        skein_give_back_memory()
        let before = Reading()
        let spans = try prepared()
        return StageFigures(stage.name, spans: spans, from: before, to: Reading())
    }
}

/// One stage on one thread.
struct Stage {
    var name: String
    /// Makes the input; what it returns does the work, and gives the number of spans.
    var prepare: () throws -> () throws -> Int
}

/// What the command line asks for.
struct Options {
    /// A directory of scripts/tools/otlp_load.py.
    var set = ""
    /// Bodies that the stages before the store work on.
    var bodies = 60
    /// How often each of them runs; the medians are told.
    var rounds = 5
    /// Names of stages; empty for all.
    var only: Set<String> = []
    /// The folder in which the store makes its own.
    var data = "."

    /// Reads arguments; nil when they make no sense.
    init?(_ arguments: some Sequence<String>) {
        var rest = Array(arguments)[...]
        while let name = rest.first, name.hasPrefix("--") {
            guard let value = rest.dropFirst().first else { return nil }
            rest = rest.dropFirst(2)
            switch name {
            case "--bodies": bodies = Int(value) ?? 0
            case "--rounds": rounds = Int(value) ?? 0
            case "--only": only.insert(value)
            case "--data": data = value
            default: return nil
            }
        }
        guard rest.count == 1, let path = rest.first, bodies > 0, rounds > 0 else { return nil }
        set = path
    }

    func includes(_ stage: String) -> Bool {
        only.isEmpty || only.contains(stage)
    }
}
