// FuzzMain.swift - libFuzzer in front of the target that SKEIN_FUZZ_TARGET names.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// libFuzzer's entry for programs with a `main` of their own (LLVM, libFuzzer, "Using libFuzzer as a library").
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ feed: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@main
struct FuzzMain {
    /// The target, from the environment: libFuzzer starts this program again with its own arguments when it merges.
    private static let target = getenv("SKEIN_FUZZ_TARGET").flatMap { FuzzTarget(rawValue: String(cString: $0)) }

    static func main() {
        guard target != nil else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
            print("SKEIN_FUZZ_TARGET has to be one of \(names)")
            exit(2)
        }
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(runFuzzer(&count, &arguments) { FuzzMain.feed($0, $1) })
    }

    private static func feed(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        do throws(FuzzFinding) {
            try target?.feed(UnsafeRawBufferPointer(start: start, count: count))
        } catch {
            // libFuzzer keeps the input of a process that ends this way.
            print("finding: \(error)")
            fflush(nil)
            abort()
        }
        return 0
    }
}
