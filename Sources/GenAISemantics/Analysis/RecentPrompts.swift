// RecentPrompts.swift - the conversations of the traces that came last, across requests.

import Synchronization
import TraceModel

/// The forms of the prompts of the traces that came last: the steps of an agent come in requests of their own.
///
/// Takes at most 4 MiB. Safe to use from several tasks at once.
public final class RecentPrompts: Sendable {
    typealias Prompt = TextMemory<PromptMemory.List>.Kept

    /// Prompts that were kept in the same while.
    private struct Generation: Sendable {
        var prompts: [TraceID: [Prompt]] = [:]
        var bytes = 0

        mutating func take(_ trace: TraceID) -> [Prompt] {
            guard let taken = prompts.removeValue(forKey: trace) else { return [] }
            bytes -= taken.reduce(0) { $0 + $1.bytes }
            return taken
        }
    }

    private struct State: Sendable {
        var young = Generation()
        /// Given up when there is no room for more young ones.
        var old = Generation()
        var latestNumber = 0
    }

    /// What is not kept any more.
    private struct Forgotten: Sendable {
        var prompts: [Prompt]
        var generation: Generation?
    }

    /// Most bytes of a generation.
    private static let mostBytes = 2 << 20
    /// Most prompts of a trace: agents that work for each other have conversations of their own.
    private static let mostOfTrace = 4
    private let state = Mutex(State())

    /// Makes an empty memory.
    public init() {}

    /// The prompts of a trace, that which was kept last at the end.
    func prompts(of trace: TraceID) -> [Prompt] {
        state.withLock { $0.young.prompts[trace] ?? $0.old.prompts[trace] ?? [] }
    }

    /// Keeps a prompt of a trace.
    ///
    /// - Parameters:
    ///   - prompt: Gets a number.
    ///   - trace: The trace.
    ///   - number: That of a prompt which this one goes on with; it is forgotten.
    func keep(_ prompt: Prompt, of trace: TraceID, insteadOf number: Int?) {
        // Freed behind the lock.
        let forgotten = state.withLock { state -> Forgotten in
            var prompts = state.old.take(trace) + state.young.take(trace)
            var gone: [Prompt] = []
            if let place = prompts.firstIndex(where: { $0.made.number == number }) {
                gone.append(prompts.remove(at: place))
            } else if prompts.count == Self.mostOfTrace {
                gone.append(prompts.removeFirst())
            }
            state.latestNumber += 1
            prompts.append(prompt)
            prompts[prompts.count - 1].made.number = state.latestNumber
            var bytes = prompts.reduce(0) { $0 + $1.bytes }
            while bytes > Self.mostBytes {
                gone.append(prompts.removeFirst())
                bytes -= gone[gone.count - 1].bytes
            }
            guard !prompts.isEmpty else { return Forgotten(prompts: gone) }
            var generation: Generation?
            if state.young.bytes + bytes > Self.mostBytes {
                generation = state.old
                state.old = state.young
                state.young = Generation()
            }
            state.young.prompts[trace] = prompts
            state.young.bytes += bytes
            return Forgotten(prompts: gone, generation: generation)
        }
        _ = consume forgotten
    }

    /// Forgets everything.
    public func removeAll() {
        let forgotten = state.withLock { state in
            defer { state = State(latestNumber: state.latestNumber) }
            return state
        }
        _ = consume forgotten
    }

    /// Bytes that are kept.
    var bytesKept: Int { state.withLock { $0.young.bytes + $0.old.bytes } }
}

extension TextMemory<PromptMemory.List>.Kept {
    /// What it takes in memory, about.
    fileprivate var bytes: Int {
        let marks = made.marks.count * MemoryLayout<PromptMemory.Mark>.stride
        return text.count + made.messages.count + made.system.count + marks + 256
    }
}
