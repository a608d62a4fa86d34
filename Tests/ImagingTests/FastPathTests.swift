import TestSupport
import Testing

@testable import Imaging

/// Textures that ask different things of a decompressor.
enum Texture: String, CaseIterable, Sendable {
  /// One value; values with short periods; noise of all, of a few and of very unequal values.
  case flat, ramp, periods, noise, fewValues, unequal

  func pixels(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    var period = 1
    var out: [UInt8] = []
    for i in 0..<count {
      switch self {
      case .flat: out.append(9)
      case .ramp: out.append(UInt8(truncatingIfNeeded: i / 3))
      case .periods:
        if generator.below(60) == 0 { period = 1 + generator.below(20) }
        out.append(i < period ? UInt8(i) : out[i - period] &+ (generator.below(40) == 0 ? 1 : 0))
      case .noise: out.append(UInt8(generator.below(256)))
      case .fewValues: out.append(UInt8(100 + generator.below(11)))
      case .unequal:
        // A value twice as rare as the one before: codes of up to 15 bits.
        out.append(UInt8(min(UInt64(generator.next()).trailingZeroBitCount, 30)))
      }
    }
    return out
  }
}

@Suite("Fast PNG path")
struct FastPathTests {
  @Test(
    "what zlib compressed comes out again", arguments: Texture.allCases, [0, 1, 3, 6, 9] as [Int32])
  func everyLevel(_ texture: Texture, _ level: Int32) {
    var generator = SeededGenerator(seed: 7)
    var fast = FastGrayPNG()
    for (width, height) in [(1, 1), (3, 2), (17, 9), (300, 211), (641, 400)] {
      let pixels = texture.pixels(width * height, &generator)
      for filter in [0, 0x08, 0x80] as [Int32] {
        let png = written(
          pixels, stride: width, width, height, depth: 8, colourType: 0, filter: filter,
          level: level)
        let plane = fast.decode(png, maximumPixels: 1 << 20)
        #expect(plane?.pixels == pixels, "\(width) × \(height), filter \(filter)")
      }
    }
  }

  @Test("a window smaller than the matches reach is left to libpng", arguments: 0...7)
  func window(_ window: Int) {
    var generator = SeededGenerator(seed: 3)
    let line = Texture.noise.pixels(3000, &generator)
    let png = written(line + line, stride: 3000, 3000, 2, depth: 8, colourType: 0, filter: 0x08)
    var zlib = PNGBuilder.zlib(of: png)
    zlib.replaceSubrange(0..<2, with: PNGBuilder.zlibHeader(window: window))
    let changed = PNGBuilder.gray(width: 3000, height: 2, zlib: zlib)
    var fast = FastGrayPNG()
    // The second row repeats the first, 3,001 bytes before.
    #expect((fast.decode(changed, maximumPixels: 1 << 20) != nil) == (256 << window >= 3001))
    #expect(decode(changed, .fastWherePossible) == decode(changed, .libpngOnly))
  }

  @Test("a preset dictionary, which PNG does not have, is refused as libpng refuses it")
  func dictionary() {
    let png = written([1, 2, 3, 4], stride: 2, 2, 2, depth: 8, colourType: 0)
    var zlib = PNGBuilder.zlib(of: png)
    zlib.replaceSubrange(0..<2, with: PNGBuilder.zlibHeader(window: 7, dictionary: true))
    let changed = PNGBuilder.gray(width: 2, height: 2, zlib: zlib)
    #expect(decode(changed, .fastWherePossible) == decode(changed, .libpngOnly))
    if case .success = decode(changed, .fastWherePossible) { Issue.record("accepted") }
  }

  @Test("compressed data damaged behind right checksums are read as libpng reads them")
  func damagedData() {
    var generator = SeededGenerator(seed: 11)
    for texture in Texture.allCases {
      let pixels = texture.pixels(90 * 70, &generator)
      let png = written(pixels, stride: 90, 90, 70, depth: 8, colourType: 0)
      let original = PNGBuilder.zlib(of: png)
      for round in 0..<150 {
        var zlib = original
        for _ in 0...generator.below(3) {
          let at = generator.below(min(zlib.count, round % 2 == 0 ? 80 : zlib.count))
          zlib[at] = UInt8(generator.below(256))
        }
        let changed = PNGBuilder.gray(width: 90, height: 70, zlib: zlib)
        #expect(
          decode(changed, .fastWherePossible) == decode(changed, .libpngOnly),
          "\(texture), round \(round)")
      }
    }
  }
}
