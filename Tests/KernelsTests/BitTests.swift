import Imaging
import Kernels
import Testing

/// Random words, and single bits of them; rows repeat upwards and downwards, columns do not.
private struct Bits {
  let columns: Int
  let height: Int
  var words: [UInt64]

  init(columns: Int, height: Int, sparse: Bool, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    self.columns = columns
    self.height = height
    words = (0..<columns * height).map { _ in
      sparse ? generator.next() & generator.next() & generator.next() : generator.next()
    }
  }

  subscript(x: Int, y: Int) -> Bool {
    guard (0..<columns * 64).contains(x) else { return false }
    return words[min(max(y, 0), height - 1) * columns + x / 64] >> UInt64(x % 64) & 1 == 1
  }
}

@Suite struct BitKernelTests {
  @Test("dark pixels are packed, and the border repeats", arguments: [1, 63, 64, 65, 150, 640])
  func packed(_ width: Int) {
    let height = 3
    var generator = SeededGenerator(seed: UInt64(width))
    let pixels = (0..<width * height).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    let stride = (width + 63) / 64 + 4
    for threshold: UInt8 in [0, 1, 126, 127, 128, 254, 255] {
      var words = [UInt64](repeating: 0xAAAA, count: stride * height)
      var span = words.mutableSpan
      packDark(
        pixels.span, width: width, height: height, threshold: threshold, stride: stride, into: &span
      )
      let isRight = (0..<height).allSatisfy { y in
        (0..<stride * 64).allSatisfy { bit in
          let x = min(max(bit - 128, 0), width - 1)
          return (words[y * stride + bit / 64] >> UInt64(bit % 64) & 1 == 1)
            == (pixels[y * width + x] <= threshold)
        }
      }
      #expect(isRight, "\(width) pixels, up to \(threshold), seed \(width)")
    }
  }

  @Test("bits widen and heighten by their radius", arguments: [1, 2, 7, 12, 63])
  func dilated(_ radius: Int) {
    let bits = Bits(columns: 3, height: 9, sparse: true, seed: 5)
    var wide = bits.words
    var span = wide.mutableSpan
    widen(bits.words.span, columns: 3, radius: radius, into: &span)
    var high = bits.words
    var other = high.mutableSpan
    heighten(bits.words.span, columns: 3, radius: radius, into: &other)
    var isRight = true
    for y in 0..<9 {
      for x in 0..<192 {
        let bit = { (words: [UInt64]) in words[y * 3 + x / 64] >> UInt64(x % 64) & 1 == 1 }
        let row = (-radius...radius).contains { bits[x + $0, y] }
        let column = (max(0, y - radius)...min(8, y + radius)).contains { bits[x, $0] }
        isRight = isRight && bit(wide) == row && bit(high) == column
      }
    }
    #expect(isRight, "radius \(radius), seed 5")
  }

  @Test(
    "differing pixels are counted where the mask is set", arguments: [(0, 0), (5, -3), (-64, 9)])
  func differences(_ dx: Int, _ dy: Int) {
    let test = Bits(columns: 6, height: 11, sparse: false, seed: 1)
    let template = Bits(columns: 6, height: 11, sparse: false, seed: 2)
    let masks: [UInt64] = [0xFFFF_0000_FFFF_0000, 0x0F]
    var expected = 0
    for y in stride(from: 1, to: 10, by: 2) {
      for x in 0..<128 where masks[x / 64] >> UInt64(x % 64) & 1 == 1 {
        if test[x + 128, y] != template[x + 128 + dx, y + dy] { expected += 1 }
      }
    }
    func count(_ limit: Int) -> Int {
      countDifferences(
        test.words.span, template.words.span, masks: masks.span, stride: 6, height: 11, first: 1,
        end: 10, dx: dx, dy: dy, rowStep: 2, limit: limit)
    }
    #expect(count(.max) == expected)
    #expect(count(expected + 1) == expected)
    #expect(count(10) >= 10)
  }

  @Test("blocks sum over their neighbours", arguments: [1, 2, 20])
  func neighbours(_ columns: Int) {
    let counts = (0..<columns * 4).map { Int32(($0 * 37) % 101) }
    var rows = counts
    var sums = counts
    var scratch = rows.mutableSpan
    var out = sums.mutableSpan
    sumNeighbours(counts.span, columns: columns, rows: &scratch, into: &out)
    for y in 0..<4 {
      for x in 0..<columns {
        var sum: Int32 = 0
        for v in max(0, y - 1)...min(3, y + 1) {
          for u in max(0, x - 1)...min(columns - 1, x + 1) { sum += counts[v * columns + u] }
        }
        #expect(sums[y * columns + x] == sum, "column \(x), row \(y) of \(columns)")
      }
    }
  }
}
