import FactoryModel
import StreamKernels

/// Writes readings as a chunk; ChunkFormat.swift says how it looks.
struct ChunkEncoder {
  private var out: [UInt8] = []
  private var place = 0

  /// The chunk of at least one reading, in the order given.
  static func encode(_ samples: ArraySlice<Sample>) -> [UInt8] {
    precondition(!samples.isEmpty, "a chunk without readings")
    var encoder = ChunkEncoder()
    let count = samples.count
    encoder.out = [UInt8](repeating: 0, count: 64 + 12 * count + 2 * mostPackedBytes(count))
    encoder.write(byte: chunkFormat)
    encoder.write(varint: UInt64(count))
    encoder.writeQualities(samples)
    encoder.writeTimes(samples)
    encoder.writeValues(samples)
    return Array(encoder.out[..<encoder.place])
  }

  private mutating func writeQualities(_ samples: ArraySlice<Sample>) {
    var code = Self.code(of: samples[samples.startIndex])
    var length: UInt64 = 0
    for sample in samples {
      let next = Self.code(of: sample)
      if next != code {
        write(byte: code)
        write(varint: length)
        code = next
        length = 0
      }
      length += 1
    }
    write(byte: code)
    write(varint: length)
  }

  private static func code(of sample: Sample) -> UInt8 {
    sample.quality.rawValue + (sample.value.isFinite ? 0 : fourMark)
  }

  private mutating func writeTimes(_ samples: ArraySlice<Sample>) {
    var times = samples.map(\.time.nanoseconds)
    write(varint: zigzag(times[0]))
    guard times.count > 1 else { return }
    var steps = Self.differences(of: times)
    let exponent = commonThousands(steps.span)
    if exponent > 0 { Self.divide(&steps, by: thousands[exponent]) }
    guard steps.count > 1 else { return write(steps, byte: UInt8(exponent)) }
    times = [steps[0]] + Self.differences(of: steps)
    if packedBytes(times.span) < packedBytes(steps.span) {
      write(times, byte: UInt8(exponent) + fourMark)
    } else {
      write(steps, byte: UInt8(exponent))
    }
  }

  private mutating func writeValues(_ samples: ArraySlice<Sample>) {
    var before = 0.0
    let values = samples.map { sample in
      if sample.value.isFinite { before = sample.value }
      return before
    }
    var numbers = [Int64](repeating: 0, count: values.count)
    guard let mode = Self.scale(values, to: &numbers) else {
      var span = numbers.mutableSpan
      let shift = bitDifferences(values.span, into: &span)
      write(byte: bitsMode)
      return write(numbers, byte: UInt8(shift))
    }
    let steps = [numbers[0]] + Self.differences(of: numbers)
    if packedBytes(steps.span) < packedBytes(numbers.span) {
      write(steps, byte: mode + differencesMode)
    } else {
      write(numbers, byte: mode)
    }
  }

  /// The fewest decimals with which every value is exact, nil when 15 are too few.
  private static func scale(_ values: [Double], to numbers: inout [Int64]) -> UInt8? {
    for (mode, factor) in decimalFactors.enumerated() {
      var span = numbers.mutableSpan
      if scaleToIntegers(values.span, factor: factor, into: &span) { return UInt8(mode) }
    }
    return nil
  }

  private static func differences(of numbers: [Int64]) -> [Int64] {
    var out = [Int64](repeating: 0, count: numbers.count - 1)
    var span = out.mutableSpan
    StreamKernels.differences(numbers.span, into: &span)
    return out
  }

  private static func divide(_ numbers: inout [Int64], by divisor: Int64) {
    var span = numbers.mutableSpan
    StreamKernels.divide(&span, by: divisor)
  }

  private mutating func write(byte: UInt8) {
    out[place] = byte
    place += 1
  }

  private mutating func write(varint number: UInt64) {
    var next = place
    var span = out.mutableSpan
    writeVarint(number, into: &span, at: &next)
    place = next
  }

  private mutating func write(_ numbers: [Int64], byte: UInt8) {
    write(byte: byte)
    var next = place
    var span = out.mutableSpan
    packBlocks(numbers.span, into: &span, at: &next)
    place = next
  }
}
