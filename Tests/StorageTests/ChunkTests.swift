import FactoryModel
import Imaging
import TestSupport
import Testing

@testable import Storage

/// Equal readings; readings without a value are equal whatever their value says.
private func same(_ a: [Sample], _ b: [Sample]) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { left, right in
      left.time == right.time && left.quality == right.quality
        && (left.value == right.value || !left.value.isFinite && right.value.isNaN)
    }
}

@Suite("Chunks")
struct ChunkTests {
  private static let start: Int64 = 1_772_352_000_000_000_000

  @Test("random readings come back as they went in", arguments: propertySeeds)
  func random(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for round in 0..<300 {
      let samples = Self.randomSamples(&generator)
      let decoded = try ChunkDecoder.decode(ChunkEncoder.encode(samples[...]))
      #expect(same(samples, decoded), "seed \(seed), round \(round)")
    }
  }

  private static func randomSamples(_ generator: inout SeededGenerator) -> [Sample] {
    let count = Int.random(in: 1...200, using: &generator)
    let step: Int64 = [1, 1_000, 1_000_000, 1_000_000_000].randomElement(using: &generator) ?? 1
    let isRegular = Bool.random(using: &generator)
    let kind = Int.random(in: 0..<6, using: &generator)
    var time = start
    return (0..<count).map { place in
      time += step * (isRegular ? 1 : Int64.random(in: -3...40, using: &generator))
      let value: Double =
        switch kind {
        case 0: 21.5
        case 1: (Double.random(in: -100...100, using: &generator) * 100).rounded() / 100
        case 2: Double(Float.random(in: 0...1, using: &generator))
        case 3: Double(bitPattern: generator.next())
        case 4: Double(place) * 1e6
        default: Int.random(in: 0..<9, using: &generator) == 0 ? .nan : Double(place % 7)
        }
      let quality: Quality =
        value.isFinite ? (place % 50 == 49 ? .uncertain : .good) : .bad
      return Sample(time: Timestamp(nanoseconds: time), value: value, quality: quality)
    }
  }

  @Test(
    "extremes come back",
    arguments: [
      [Int64.min, Int64.max, 0], [Int64.max, Int64.min], [0], [-1, 1, -1, 1],
    ])
  func extremes(_ times: [Int64]) throws {
    let values = [Double.greatestFiniteMagnitude, .leastNonzeroMagnitude, -1e15, 0.1]
    let samples = zip(times, values).map {
      Sample(time: Timestamp(nanoseconds: $0), value: $1)
    }
    #expect(same(try ChunkDecoder.decode(ChunkEncoder.encode(samples[...])), samples))
  }

  @Test("a regular signal of two decimals takes about a byte a reading")
  func size() throws {
    var generator = SeededGenerator(seed: 1)
    var value = 80.0
    let samples = (0..<512).map { place in
      value += Double(generator.below(21) - 10) / 100
      return Sample(
        time: Timestamp(nanoseconds: Self.start + Int64(place) * 1_000_000_000),
        value: (value * 100).rounded() / 100)
    }
    let bytes = ChunkEncoder.encode(samples[...])
    #expect(bytes.count < 512)
    let constant = samples.map { Sample(time: $0.time, value: 3.5) }
    #expect(ChunkEncoder.encode(constant[...]).count < 80)
  }

  @Test("a damaged chunk is refused or read, never more")
  func damage() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<3_000 {
      var bytes = ChunkEncoder.encode(Self.randomSamples(&generator)[...])
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[generator.below(bytes.count)] = UInt8(truncatingIfNeeded: generator.next())
      }
      if Bool.random(using: &generator) { bytes.removeLast(generator.below(bytes.count)) }
      _ = try? ChunkDecoder.decode(bytes)
    }
    #expect(throws: ChunkFault.damaged) { try ChunkDecoder.decode([]) }
    #expect(throws: ChunkFault.newerFormat(9)) { try ChunkDecoder.decode([9]) }
  }
}
