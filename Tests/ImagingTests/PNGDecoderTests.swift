import Foundation
import Imaging
import TestSupport
import Testing

@Suite("PNG")
struct PNGDecoderTests {
  @Test(
    "every colour type, depth and interlacing gives the samples by definition",
    arguments: [
      (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8),
      (4, 8), (4, 16), (6, 8), (6, 16),
    ], [false, true])
  func formats(_ format: (colourType: Int, depth: Int), _ interlaced: Bool) throws {
    let (width, height) = (13, 9)
    let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][format.colourType] ?? 1
    var generator = SeededGenerator(seed: UInt64(format.colourType * 100 + format.depth))
    let top = (1 << format.depth) - 1
    let samples = (0..<width * height * channels).map { _ in generator.below(top + 1) }
    let palette = (0..<3 * 256).map { _ in UInt8(generator.below(256)) }
    let stride = (width * channels * format.depth + 7) / 8
    var rows = [UInt8](repeating: 0, count: stride * height)
    for y in 0..<height {
      for i in 0..<width * channels {
        let value = samples[y * width * channels + i]
        if format.depth == 16 {
          rows[y * stride + 2 * i] = UInt8(value >> 8)
          rows[y * stride + 2 * i + 1] = UInt8(value & 255)
        } else {
          let bit = i * format.depth
          rows[y * stride + bit / 8] |= UInt8(value << (8 - format.depth - bit % 8))
        }
      }
    }
    let bytes = written(
      rows, stride: stride, width, height, depth: Int32(format.depth),
      colourType: Int32(format.colourType), interlaced: interlaced,
      palette: format.colourType == 3 ? Array(palette.prefix(3 * (top + 1))) : [])
    let expected = (0..<width * height).map { pixel -> Int in
      let at = pixel * channels
      switch format.colourType {
      case 0, 4: return format.depth < 8 ? samples[at] * 255 / top : samples[at]
      case 3:
        let colour = samples[at] * 3
        return luminance(
          Int(palette[colour]), Int(palette[colour + 1]), Int(palette[colour + 2]), wide: false)
      default:
        return luminance(
          samples[at], samples[at + 1], samples[at + 2], wide: format.depth == 16)
      }
    }
    switch try decode(bytes, .fastWherePossible).get() {
    case .gray8(let plane): #expect(plane.pixels.map(Int.init) == expected)
    case .gray16(let plane): #expect(plane.pixels.map(Int.init) == expected)
    }
  }

  private func luminance(_ r: Int, _ g: Int, _ b: Int, wide: Bool) -> Int {
    wide
      ? (19595 * r + 38470 * g + 7471 * b + 32768) >> 16 : (77 * r + 150 * g + 29 * b + 128) >> 8
  }

  @Test(
    "the fast path gives libpng's bytes for every filter and width",
    arguments: [0x08, 0x10, 0x20, 0x40, 0x80, 0xF8] as [Int32], [1, 8] as [Int32])
  func fastIsExact(_ filter: Int32, _ depth: Int32) throws {
    for width in Array(1...40) + [257] {
      var generator = SeededGenerator(seed: UInt64(width))
      let height = 11
      let stride = (width * Int(depth) + 7) / 8
      let rows = (0..<stride * height).map { i in
        i % 3 == 0 ? UInt8(generator.below(256)) : UInt8(truncatingIfNeeded: i * 5)
      }
      let bytes = written(
        rows, stride: stride, width, height, depth: depth, colourType: 0, filter: filter)
      #expect(try decode(bytes, .fastWherePossible).get() == decode(bytes, .libpngOnly).get())
    }
  }

  @Test("changed bytes never crash, and both paths say the same", arguments: propertySeeds)
  func mutations(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let pixels = (0..<40 * 30).map { UInt8(truncatingIfNeeded: $0 * 7 / 5) }
    let original = PNGEncoder.encode(Plane(width: 40, height: 30, pixels: pixels))
    for _ in 0..<400 {
      var bytes = original
      for _ in 0...generator.below(3) {
        switch generator.below(3) {
        case 0: bytes[generator.below(bytes.count)] = UInt8(generator.below(256))
        case 1: bytes.removeSubrange(generator.below(bytes.count)..<bytes.count)
        default:
          let at = generator.below(bytes.count)
          bytes.insert(UInt8(generator.below(256)), at: at)
        }
        if bytes.isEmpty { bytes = [0] }
      }
      let fast = decode(bytes, .fastWherePossible)
      let general = decode(bytes, .libpngOnly)
      #expect(fast == general, "seed \(seed)")
    }
  }

  @Test("each fault has its own error")
  func faults() {
    let good = PNGEncoder.encode(Plane(width: 30, height: 40, filledWith: 7))
    func fault(_ bytes: [UInt8]) -> PNGError? {
      if case .failure(let error) = decode(bytes, .fastWherePossible) { error } else { nil }
    }
    #expect(fault([]) == .empty(path: "x.png"))
    #expect(fault(Array("not a picture at all".utf8)) == .notPNG(path: "x.png"))
    #expect(fault(Array(good.prefix(5))) == .truncated(path: "x.png", rowsRead: 0, of: 0))
    #expect(fault(Array(good.prefix(45))) == .truncated(path: "x.png", rowsRead: 0, of: 40))
    var damaged = good
    damaged[good.count / 2] ^= 0x55
    if case .corrupt? = fault(damaged) {
    } else {
      Issue.record("\(String(describing: fault(damaged)))")
    }
    #expect(fault(Array(good.dropLast(12))) != nil, "no IEND")
  }

  @Test("an image beyond the limit is refused from its header alone")
  func tooLarge() throws {
    var bytes = PNGEncoder.encode(Plane(width: 10, height: 10))
    // Width and height of IHDR become 60,000, with a checksum to match; there is no such data.
    for at in [16, 20] { bytes.replaceSubrange(at..<at + 4, with: [0, 0, 0xEA, 0x60]) }
    let sum = crc32(of: Array(bytes[12..<29]))
    bytes.replaceSubrange(
      29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * $0)) })
    #expect(
      throws: PNGError.tooLarge(
        path: "x.png", width: 60_000, height: 60_000, maximumPixels: 1 << 28)
    ) { try decode(bytes, .fastWherePossible).get() }
  }

  @Test("16 bits become 8 through the window")
  func window() {
    let wide = WidePlane(width: 5, height: 1, pixels: [0, 100, 150, 200, 65535])
    #expect(wide.windowed(Levels(low: 100, high: 200)).pixels == [0, 0, 128, 255, 255])
    #expect(wide.windowed(.full).pixels == [0, 0, 1, 1, 255])
  }

  @Test(
    "every sample becomes the gray of the definition",
    arguments: [(0, 65535), (0, 1), (65534, 65535), (100, 355), (100, 609), (512, 4095), (7, 999)])
  func everyLevel(_ low: UInt16, _ high: UInt16) {
    let wide = WidePlane(width: 256, height: 256, pixels: Array(UInt16.min...UInt16.max))
    let found = wide.windowed(Levels(low: low, high: high)).pixels
    let span = Int(high) - Int(low)
    let expected = (0..<65_536).map { sample in
      UInt8((min(max(sample - Int(low), 0), span) * 510 + span) / (2 * span))
    }
    #expect(found == expected)
  }

  @Test(
    "the fast path gives libpng's bytes on real images", arguments: ["mtd", "casting", "deeppcb"])
  func realImages(_ set: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../shared/data/\(set)").standardized
    guard let files = FileManager.default.enumerator(atPath: root.path) else {
      print("skipped: \(root.path) is not here")
      return
    }
    var compared = 0
    var index = 0
    while let name = files.nextObject() as? String {
      guard name.hasSuffix(".png") else { continue }
      index += 1
      guard index % 9 == 0 else { continue }
      let bytes = Array(try Data(contentsOf: root.appendingPathComponent(name)))
      #expect(
        try decode(bytes, .fastWherePossible).get() == decode(bytes, .libpngOnly).get(), "\(name)")
      compared += 1
    }
    print("\(set): \(compared) images compared")
  }
}
