import Foundation
import Imaging
import TestSupport
import Testing

/// The files of `Tests/Fixtures/png`, made here: `GEMBA_ACCEPT=1 swift test --filter Fixtures` writes
/// them, and the error texts beside the bad ones, anew.
enum Fixtures {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../Fixtures/png").standardized

  static let isWriting = ProcessInfo.processInfo.environment["GEMBA_ACCEPT"] == "1"

  /// A ramp with a little noise, so that every filter finds its rows.
  private static func samples(_ count: Int, top: Int) -> [Int] {
    var generator = SeededGenerator(seed: 9)
    return (0..<count).map { ($0 * 3 + generator.below(3)) % (top + 1) }
  }

  private static func packed(_ samples: [Int], perRow: Int, depth: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for row in stride(from: 0, to: samples.count, by: perRow) {
      var writer = HighBits()
      for sample in samples[row..<row + perRow] { writer.put(sample, depth) }
      bytes += writer.bytes
    }
    return bytes
  }

  private static func made(
    depth: Int, colourType: Int32, channels: Int, interlaced: Bool = false, width: Int = 19,
    height: Int = 13
  ) -> [UInt8] {
    let rows = packed(
      samples(width * height * channels, top: (1 << depth) - 1), perRow: width * channels,
      depth: depth)
    let colours = colourType == 3 ? (0..<3 << depth).map { UInt8(truncatingIfNeeded: $0 * 37) } : []
    return written(
      rows, stride: rows.count / height, width, height, depth: Int32(depth),
      colourType: colourType, interlaced: interlaced, palette: colours)
  }

  static let gray = made(depth: 8, colourType: 0, channels: 1)
  static let interlaced = made(depth: 8, colourType: 0, channels: 1, interlaced: true)

  /// Sound files: every colour type and interlacing, a file of several chunks of data.
  static let good: [(name: String, bytes: [UInt8])] = [
    ("gray-1", made(depth: 1, colourType: 0, channels: 1)),
    ("gray-2", made(depth: 2, colourType: 0, channels: 1)),
    ("gray-4", made(depth: 4, colourType: 0, channels: 1)),
    ("gray-8", gray),
    ("gray-8-interlaced", interlaced),
    ("gray-16", made(depth: 16, colourType: 0, channels: 1)),
    ("gray-alpha-8", made(depth: 8, colourType: 4, channels: 2)),
    ("palette-4", made(depth: 4, colourType: 3, channels: 1)),
    ("rgb-8", made(depth: 8, colourType: 2, channels: 3)),
    ("rgb-16-interlaced", made(depth: 16, colourType: 2, channels: 3, interlaced: true)),
    ("rgb-alpha-8", made(depth: 8, colourType: 6, channels: 4)),
    ("one-pixel", made(depth: 8, colourType: 0, channels: 1, width: 1, height: 1)),
    ("data-in-small-chunks", smallChunks),
    ("text-and-gamma", texts),
  ]

  /// Files with one fault each.
  static let bad: [(name: String, bytes: [UInt8])] = [
    ("empty", []),
    ("not-a-png", Array("this is a text\n".utf8)),
    ("a-jpeg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46]),
    ("signature-with-line-ends-changed", [0x89, 0x50, 0x4E, 0x47, 0x0A, 0x1A, 0x0A] + gray[8...]),
    ("ends-in-signature", Array(gray.prefix(6))),
    ("ends-in-header", Array(gray.prefix(20))),
    ("ends-in-data", Array(gray.prefix(gray.count * 2 / 3))),
    ("ends-in-data-interlaced", Array(interlaced.prefix(interlaced.count * 2 / 3))),
    ("ends-before-end-chunk", Array(gray.dropLast(12))),
    ("header-checksum-wrong", changed(gray, at: 30)),
    ("data-checksum-wrong", changed(gray, at: gray.count - 14)),
    ("no-pixels", header(width: 0, height: 13)),
    ("too-many-pixels", header(width: 60_000, height: 60_000)),
    // Found by the fuzzer: memory for one such row was taken before the limit was looked at.
    ("too-wide", header(width: 1_500_000_000, height: 60_000)),
    ("depth-3", header(depth: 3)),
    ("colour-type-5", header(colourType: 5)),
    ("compression-1", header(compression: 1)),
    ("filter-method-1", header(filter: 1)),
    ("interlace-2", header(interlace: 2)),
    ("palette-missing", header(colourType: 3)),
    ("data-missing", signature + PNGBuilder.chunk("IHDR", head()) + PNGBuilder.chunk("IEND", [])),
    ("unknown-critical-chunk", inserted(PNGBuilder.chunk("GEMB", [1, 2, 3]))),
    ("row-filter-9", PNGBuilder.gray(width: 3, height: 2, zlib: stored([9, 1, 2, 3, 0, 4, 5, 6]))),
    ("rows-missing", PNGBuilder.gray(width: 3, height: 2, zlib: stored([0, 1, 2, 3]))),
    ("adler-wrong", small(changed(stored([0, 1, 2, 3]), at: 14))),
    ("zlib-header-wrong", small([0x79] + stored([0, 1, 2, 3])[1...])),
    ("preset-dictionary", small(dictionary)),
    ("block-type-3", small([0x78, 0x01, 0x07, 0, 0, 0, 0, 0])),
  ]

  private static let signature = Array(gray.prefix(8))

  /// Three pixels around compressed data as given.
  private static func small(_ zlib: [UInt8]) -> [UInt8] {
    PNGBuilder.gray(width: 3, height: 1, zlib: zlib)
  }

  private static func head(
    width: Int = 19, height: Int = 13, depth: UInt8 = 8, colourType: UInt8 = 0,
    compression: UInt8 = 0, filter: UInt8 = 0, interlace: UInt8 = 0
  ) -> [UInt8] {
    PNGBuilder.number(width) + PNGBuilder.number(height)
      + [depth, colourType, compression, filter, interlace]
  }

  /// The gray image behind another header, with a checksum to match.
  private static func header(
    width: Int = 19, height: Int = 13, depth: UInt8 = 8, colourType: UInt8 = 0,
    compression: UInt8 = 0, filter: UInt8 = 0, interlace: UInt8 = 0
  ) -> [UInt8] {
    let fields = head(
      width: width, height: height, depth: depth, colourType: colourType,
      compression: compression, filter: filter, interlace: interlace)
    return signature + PNGBuilder.chunk("IHDR", fields) + gray[33...]
  }

  private static func inserted(_ chunk: [UInt8]) -> [UInt8] {
    Array(gray[..<33]) + chunk + gray[33...]
  }

  private static func changed(_ bytes: [UInt8], at index: Int) -> [UInt8] {
    var bytes = bytes
    bytes[index] ^= 0x5A
    return bytes
  }

  /// zlib data of one stored block.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt8(bytes.count)
    return [0x78, 0x01, 1, count, 0, ~count, 0xFF] + bytes + PNGBuilder.adler(bytes)
  }

  private static var dictionary: [UInt8] {
    PNGBuilder.zlibHeader(window: 7, dictionary: true) + [0, 0, 0, 1]
      + stored([0, 1, 2, 3])[2...]
  }

  private static var smallChunks: [UInt8] {
    let data = PNGBuilder.zlib(of: gray)
    let pieces = stride(from: 0, to: data.count, by: 7).flatMap {
      PNGBuilder.chunk("IDAT", Array(data[$0..<min($0 + 7, data.count)]))
    }
    return Array(gray[..<33]) + pieces + PNGBuilder.chunk("IEND", [])
  }

  private static var texts: [UInt8] {
    inserted(
      PNGBuilder.chunk("gAMA", PNGBuilder.number(45455))
        + PNGBuilder.chunk("tEXt", Array("Comment\0press 4".utf8)))
  }
}

/// Samples of 1 to 16 bits packed into bytes, the highest bit first.
private struct HighBits {
  private(set) var bytes: [UInt8] = []
  private var free = 0

  mutating func put(_ value: Int, _ depth: Int) {
    for bit in (0..<depth).reversed() {
      if free == 0 {
        bytes.append(0)
        free = 8
      }
      free -= 1
      bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << UInt8(free)
    }
  }
}

@Suite("PNG fixtures")
struct FixtureTests {
  @Test("the committed files are those made here", .enabled(if: !Fixtures.isWriting))
  func committed() throws {
    for (kind, files) in [("good", Fixtures.good), ("bad", Fixtures.bad)] {
      for (name, bytes) in files {
        let url = Fixtures.folder.appendingPathComponent("\(kind)/\(name).png")
        #expect(try Array(Data(contentsOf: url)) == bytes, "\(kind)/\(name)")
      }
    }
  }

  @Test("good files decode the same on both paths and row by row", arguments: Fixtures.good.indices)
  func good(_ index: Int) throws {
    let (name, bytes) = Fixtures.good[index]
    let url = Fixtures.folder.appendingPathComponent("good/\(name).png")
    if Fixtures.isWriting { try Data(bytes).write(to: url) }
    let image = try decode(bytes, .fastWherePossible).get()
    #expect(try decode(bytes, .libpngOnly).get() == image)
    let plane = image.plane(levels: .full)
    guard let rows = try PNGRows(path: url.path) else {
      #expect(name.hasSuffix("interlaced"))
      return
    }
    for _ in 0..<2 {
      var pixels: [UInt8] = []
      while pixels.count < plane.pixels.count { try rows.next(5, into: &pixels) }
      #expect(pixels == plane.pixels, "\(name)")
      try rows.rewind()
    }
  }

  @Test("bad files are refused in the words beside them", arguments: Fixtures.bad.indices)
  func bad(_ index: Int) throws {
    let (name, bytes) = Fixtures.bad[index]
    let url = Fixtures.folder.appendingPathComponent("bad/\(name).png")
    let words = url.deletingPathExtension().appendingPathExtension("txt")
    var decoder = PNGDecoder()
    let found: String
    do {
      _ = try decoder.decode(bytes, name: "\(name).png")
      found = "accepted"
    } catch {
      found = "\(error)"
    }
    if Fixtures.isWriting {
      try Data(bytes).write(to: url)
      try Data((found + "\n").utf8).write(to: words)
    }
    #expect(found + "\n" == String(decoding: try Data(contentsOf: words), as: UTF8.self))
    #expect(found != "accepted")
    // Read row by row the file is refused in the same words, too.
    let read = #expect(throws: PNGError.self) {
      let rows = try PNGRows(path: url.path)
      var pixels: [UInt8] = []
      try rows?.next(1 << 16, into: &pixels)
      if rows == nil { _ = try decoder.decode(path: url.path) }
    }
    let inFolder = url.deletingLastPathComponent().path + "/"
    #expect(read.map { "\($0)".replacing(inFolder, with: "") } == found, "\(name)")
  }
}
