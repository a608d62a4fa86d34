import Imaging
import Kernels
import TestSupport
import Testing

/// PNG specification, 9.2 and 9.4, byte by byte.
private func undone(_ rows: [UInt8], count: Int, height: Int) -> [UInt8] {
  var out = [UInt8](repeating: 0, count: count * height)
  for y in 0..<height {
    for x in 0..<count {
      let a = x > 0 ? Int(out[y * count + x - 1]) : 0
      let b = y > 0 ? Int(out[(y - 1) * count + x]) : 0
      let c = x > 0 && y > 0 ? Int(out[(y - 1) * count + x - 1]) : 0
      let p = a + b - c
      let (da, db, dc) = (abs(p - a), abs(p - b), abs(p - c))
      let paeth = da <= db && da <= dc ? a : db <= dc ? b : c
      let predicted = [0, a, b, (a + b) / 2, paeth][Int(rows[y * (count + 1)])]
      out[y * count + x] = rows[y * (count + 1) + 1 + x] &+ UInt8(predicted)
    }
  }
  return out
}

/// Rows of noise, half of it of a few values; each row's filter is one of `filters`.
private func filtered(
  _ filters: [UInt8], count: Int, height: Int, _ generator: inout SeededGenerator
) -> [UInt8] {
  var rows: [UInt8] = []
  for _ in 0..<height {
    rows.append(filters[generator.below(filters.count)])
    let top = generator.below(2) == 0 ? 256 : 3
    for _ in 0..<count { rows.append(UInt8(generator.below(top)) &* 85) }
  }
  return rows
}

@Test(
  "PNG filters are undone by their definition",
  arguments: [[0], [1], [2], [3], [4], [0, 1, 2, 3, 4], [4, 4, 4, 2]] as [[UInt8]], propertySeeds)
func unfilterByDefinition(_ filters: [UInt8], _ seed: UInt64) {
  var generator = SeededGenerator(seed: seed)
  for count in [1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100] {
    for height in [1, 2, 7, 8, 9, 16, 23] {
      let rows = filtered(filters, count: count, height: height, &generator)
      var out = [UInt8](repeating: 77, count: count * height)
      #expect(unfilter(rows, into: &out, count: count, height: height))
      #expect(out == undone(rows, count: count, height: height), "\(count) × \(height), \(seed)")
    }
  }
}

@Test("a filter that does not exist is refused")
func unknownFilter() {
  var out = [UInt8](repeating: 0, count: 10)
  #expect(!unfilter([0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 1], into: &out, count: 5, height: 2))
}

@Test("bits become bytes, the highest first")
func bitsByDefinition() {
  for width in 1...40 {
    let stride = (width + 7) / 8
    let packed = (0..<stride * 3).map { UInt8(truncatingIfNeeded: $0 * 77 + 13) }
    var out = [UInt8](repeating: 1, count: width * 3)
    expandBits(packed, into: &out, width: width, height: 3)
    let expected: [UInt8] = (0..<width * 3).map { i in
      let (x, y) = (i % width, i / width)
      return packed[y * stride + x / 8] >> UInt8(7 - x % 8) & 1 == 1 ? 255 : 0
    }
    #expect(out == expected, "\(width) bits")
  }
}
