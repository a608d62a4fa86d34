import FactoryModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Hands every input of libFuzzer to one codec, which the variable GEMBA_CODEC names; a trap is a
/// finding. `Scripts/fuzz` builds and runs it.
@main
enum TelemetryFuzz {
  static func main() {
    var count = CommandLine.argc
    var arguments = unsafe CommandLine.unsafeArgv
    let name = unsafe getenv("GEMBA_CODEC").map { unsafe String(cString: $0) } ?? ""
    switch name {
    case "hj212": exit(unsafe runDriver(&count, &arguments) { unsafe look($0, $1, HJ212Look.at) })
    case "sparkplug":
      exit(unsafe runDriver(&count, &arguments) { unsafe look($0, $1, SparkplugLook.at) })
    case "lines": exit(unsafe runDriver(&count, &arguments) { unsafe look($0, $1, LinesLook.at) })
    case "json": exit(unsafe runDriver(&count, &arguments) { unsafe look($0, $1, JSONLook.at) })
    case "csv": exit(unsafe runDriver(&count, &arguments) { unsafe look($0, $1, CSVLook.at) })
    case "modbus": exit(unsafe runDriver(&count, &arguments) { unsafe look($0, $1, ModbusLook.at) })
    case "gzip": exit(unsafe runDriver(&count, &arguments) { unsafe look($0, $1, GzipLook.at) })
    default: fatalError("GEMBA_CODEC=\(name): use a target of Scripts/fuzz")
    }
  }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

private func look(
  _ start: UnsafePointer<UInt8>?, _ count: Int, _ codec: ([UInt8]) -> Void
) -> Int32 {
  codec(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// When everything is received.
let receipt = Timestamp(seconds: 1_700_000_000)

/// The input cut into pieces, and whole where they are longer than it.
func pieces(of input: [UInt8], _ size: Int) -> [[UInt8]] {
  stride(from: 0, to: input.count, by: max(1, size)).map {
    Array(input[$0..<min(input.count, $0 + max(1, size))])
  }
}

/// Reads the input whole, byte by byte and in pieces of seven: all must hear the same.
func comparePieces(of input: [UInt8], _ hear: ([[UInt8]]) -> [String]) {
  let whole = hear(pieces(of: input, input.count))
  precondition(whole == hear(pieces(of: input, 1)), "bytes one by one are read otherwise")
  precondition(whole == hear(pieces(of: input, 7)), "pieces are read otherwise")
}

/// Every sample in words. What is not finite must be bad.
func words(_ batch: SampleBatch, _ signals: SignalTable) -> [String] {
  (0..<batch.count).map { place in
    precondition(batch.values[place].isFinite || batch.qualities[place] == .bad)
    return "\(signals[batch.signals[place]]) \(batch[place].sample)"
  }
}
