import FactoryModel
import StreamKernels

/// Reads a chunk; ChunkFormat.swift says how it looks.
struct ChunkDecoder {
  /// More readings than any chunk has: a count beyond it is damage, not a reason to take memory.
  private static let mostReadings = 1 << 20

  private var bytes: [UInt8]
  private let end: Int
  private var place = 0

  /// The readings of a chunk, in the order they were encoded in.
  static func decode(_ chunk: some Collection<UInt8>) throws(ChunkFault) -> [Sample] {
    var decoder = ChunkDecoder(chunk)
    return try decoder.samples()
  }

  private init(_ chunk: some Collection<UInt8>) {
    bytes = Array(chunk)
    end = bytes.count
    // Packed numbers are loaded eight bytes at a time.
    bytes.append(contentsOf: repeatElement(0, count: 16))
  }

  private mutating func samples() throws(ChunkFault) -> [Sample] {
    let format = try byte()
    guard format == chunkFormat else { throw .newerFormat(format) }
    let count = try varint()
    guard (1...UInt64(Self.mostReadings)).contains(count) else { throw .damaged }
    let qualities = try qualities(Int(count))
    let times = try times(Int(count))
    let values = try values(Int(count))
    guard place == end else { throw .damaged }
    var samples: [Sample] = []
    samples.reserveCapacity(Int(count))
    for run in qualities {
      for _ in 0..<run.length {
        let next = samples.count
        samples.append(
          Sample(
            time: Timestamp(nanoseconds: times[next]),
            value: run.hasValue ? values[next] : .nan, quality: run.quality))
      }
    }
    return samples
  }

  private mutating func qualities(
    _ count: Int
  ) throws(ChunkFault) -> [(quality: Quality, hasValue: Bool, length: Int)] {
    var runs: [(quality: Quality, hasValue: Bool, length: Int)] = []
    var missing = count
    while missing > 0 {
      let code = try byte()
      let length = try varint()
      guard let quality = Quality(rawValue: code & ~fourMark),
        (1...UInt64(missing)).contains(length)
      else { throw .damaged }
      runs.append((quality, code & fourMark == 0, Int(length)))
      missing -= Int(length)
    }
    return runs
  }

  private mutating func times(_ count: Int) throws(ChunkFault) -> [Int64] {
    let first = unzigzag(try varint())
    guard count > 1 else { return [first] }
    let code = try byte()
    guard code < 2 * fourMark else { throw .damaged }
    var steps = try numbers(count - 1)
    if code >= fourMark { Self.sum(&steps) }
    var span = steps.mutableSpan
    multiply(&span, by: thousands[Int(code & ~fourMark)])
    var times = [first] + steps
    Self.sum(&times)
    return times
  }

  private mutating func values(_ count: Int) throws(ChunkFault) -> [Double] {
    let mode = try byte()
    guard mode <= bitsMode else { throw .damaged }
    let shift = mode == bitsMode ? try byte() : 0
    guard shift < 64 else { throw .damaged }
    var whole = try numbers(count)
    if mode != bitsMode, mode >= differencesMode { Self.sum(&whole) }
    var values = [Double](repeating: 0, count: count)
    var span = values.mutableSpan
    if mode == bitsMode {
      valuesOfBitDifferences(whole.span, shift: Int(shift), into: &span)
    } else {
      let factor = decimalFactors[Int(mode & ~differencesMode)]
      scaleToValues(whole.span, factor: factor, into: &span)
    }
    return values
  }

  private static func sum(_ numbers: inout [Int64]) {
    var span = numbers.mutableSpan
    runningSums(&span)
  }

  private mutating func numbers(_ count: Int) throws(ChunkFault) -> [Int64] {
    var numbers = [Int64](repeating: 0, count: count)
    var next = place
    var span = numbers.mutableSpan
    let isWhole = unpackBlocks(bytes.span, at: &next, end: end, into: &span)
    guard isWhole else { throw .damaged }
    place = next
    return numbers
  }

  private mutating func byte() throws(ChunkFault) -> UInt8 {
    guard place < end else { throw .damaged }
    place += 1
    return bytes[place - 1]
  }

  private mutating func varint() throws(ChunkFault) -> UInt64 {
    var next = place
    let (number, isWhole) = readVarint(bytes.span, at: &next, end: end)
    guard isWhole else { throw .damaged }
    place = next
    return number
  }
}
