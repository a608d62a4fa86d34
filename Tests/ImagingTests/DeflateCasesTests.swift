import Testing

@testable import Imaging

/// Deflate data made by hand for the corners of RFC 1951. The image is 4 × 2; its filtered rows are
/// 0 1 2 3 4, 0 1 2 3 4.
struct DeflateCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// Whether the fast path has to take it.
  let isTaken: Bool
  let data: [UInt8]

  init(_ name: String, isTaken: Bool = false, _ write: (inout BitWriter) -> Void) {
    testDescription = name
    self.isTaken = isTaken
    var writer = BitWriter()
    write(&writer)
    data = writer.bytes
  }

  static let rows: [UInt8] = [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]

  static let all = [
    DeflateCase("fixed codes, literals only", isTaken: true) { writer in
      writer.put(0b011, 3)
      for value in rows { writer.putFixed(Int(value)) }
      writer.putFixed(256)
    },
    DeflateCase("fixed codes, the second row a match", isTaken: true) { writer in
      writer.put(0b011, 3)
      for value in rows.prefix(5) { writer.putFixed(Int(value)) }
      // Length 5 (symbol 259), distance 5 (symbol 4, one extra bit 0).
      writer.putFixed(259)
      writer.putCode(4, 5)
      writer.put(0, 1)
      writer.putFixed(256)
    },
    DeflateCase("stored, in two blocks", isTaken: true) { writer in
      stored(rows.prefix(3), isLast: false, &writer)
      stored(rows.dropFirst(3), isLast: true, &writer)
    },
    DeflateCase("an empty stored block, then fixed codes", isTaken: true) { writer in
      stored([], isLast: false, &writer)
      writer.put(0b011, 3)
      for value in rows { writer.putFixed(Int(value)) }
      writer.putFixed(256)
    },
    DeflateCase("stored, its length not confirmed") { writer in
      writer.put(0b001, 3)
      writer.align()
      writer.put(10, 16)
      writer.put(10, 16)
      for value in rows { writer.put(Int(value), 8) }
    },
    DeflateCase("a match that begins before the data") { writer in
      writer.put(0b011, 3)
      for value in rows.prefix(5) { writer.putFixed(Int(value)) }
      writer.putFixed(259)
      writer.putCode(4, 5)
      writer.put(1, 1)
      writer.putFixed(256)
    },
    DeflateCase("the length symbol 286, which stands for nothing") { writer in
      writer.put(0b011, 3)
      for value in rows.prefix(5) { writer.putFixed(Int(value)) }
      writer.putFixed(286)
      writer.putCode(4, 5)
      writer.putFixed(256)
    },
    DeflateCase("the distance symbol 30, which stands for nothing") { writer in
      writer.put(0b011, 3)
      for value in rows.prefix(5) { writer.putFixed(Int(value)) }
      writer.putFixed(259)
      writer.putCode(30, 5)
      writer.putFixed(256)
    },
    DeflateCase("a block of the third kind, which does not exist") { writer in
      writer.put(0b111, 3)
      for value in rows { writer.put(Int(value), 8) }
    },
    DeflateCase("one byte too few") { writer in
      writer.put(0b011, 3)
      for value in rows.dropLast() { writer.putFixed(Int(value)) }
      writer.putFixed(256)
    },
    DeflateCase("one byte too many") { writer in
      writer.put(0b011, 3)
      for value in rows + [7] { writer.putFixed(Int(value)) }
      writer.putFixed(256)
    },
    DeflateCase("no end of the block") { writer in
      writer.put(0b011, 3)
      for value in rows { writer.putFixed(Int(value)) }
    },
    DeflateCase("own codes without any distance", isTaken: true) { writer in
      ownCodes(distances: [0], &writer)
      literals(&writer)
    },
    DeflateCase("own codes with one distance of one bit", isTaken: true) { writer in
      ownCodes(distances: [1], &writer)
      literals(&writer)
    },
    DeflateCase("own codes, a match with the one distance", isTaken: true) { writer in
      ownCodes(distances: [0, 0, 0, 0, 1], &writer)
      for value in rows.prefix(5) { writer.putCode(Int(value), 3) }
      writer.putCode(7, 3)
      writer.put(0, 2)
      writer.putCode(6, 3)
    },
    DeflateCase("own codes, a match with the bit that is no distance") { writer in
      ownCodes(distances: [0, 0, 0, 0, 1], &writer)
      for value in rows.prefix(5) { writer.putCode(Int(value), 3) }
      writer.putCode(7, 3)
      writer.put(1, 2)
      writer.putCode(6, 3)
    },
    DeflateCase("own codes with one distance of two bits, incomplete") { writer in
      ownCodes(distances: [2], &writer)
      literals(&writer)
    },
    DeflateCase("own codes with three distances of one bit, too many") { writer in
      ownCodes(distances: [1, 1, 1], &writer)
      literals(&writer)
    },
    DeflateCase("own codes, incomplete for literals") { writer in
      ownCodes(distances: [1], lengthOfLast: 4, &writer)
      literals(&writer)
    },
    DeflateCase("own codes without an end of the block") { writer in
      ownCodes(distances: [1], endBits: 0, &writer)
      literals(&writer)
    },
    DeflateCase("own codes that begin with a repetition") { writer in
      writer.put(0b101, 3)
      writer.put(0, 5)
      writer.put(0, 5)
      writer.put(15, 4)
      // Lengths of length codes: 16 and 17 have one bit.
      writer.put(1, 3)
      writer.put(1, 3)
      for _ in 2..<19 { writer.put(0, 3) }
      writer.put(0, 1)
      writer.put(0, 2)
    },
  ]

  private static func stored(_ bytes: some Sequence<UInt8>, isLast: Bool, _ writer: inout BitWriter)
  {
    let bytes = Array(bytes)
    writer.put(isLast ? 1 : 0, 3)
    writer.align()
    writer.put(bytes.count, 16)
    writer.put(bytes.count ^ 0xFFFF, 16)
    for value in bytes { writer.put(Int(value), 8) }
  }

  /// The head of a block with own codes of three bits: literals 0…4 (000…100), literal 255 (101, of
  /// `lengthOfLast` bits), the block's end (110) and length 5 (111).
  private static func ownCodes(
    distances: [Int], lengthOfLast: Int = 3, endBits: Int = 3, _ writer: inout BitWriter
  ) {
    writer.put(0b101, 3)
    writer.put(260 - 257, 5)
    writer.put(distances.count - 1, 5)
    writer.put(15, 4)
    // Length codes of three bits for 0, 1, 2, 3, 4 and 18, 16, 17: in the order of RFC 1951.
    for symbol in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] {
      writer.put([0, 1, 2, 3, 4, 16, 17, 18].contains(symbol) ? 3 : 0, 3)
    }
    func length(_ value: Int) { writer.putCode(value, 3) }
    for _ in 0..<5 { length(3) }
    // 250 zeros: 138 + 112 with the last of the eight codes, symbol 18.
    length(7)
    writer.put(138 - 11, 7)
    length(7)
    writer.put(112 - 11, 7)
    length(lengthOfLast)
    length(endBits)
    length(0)
    length(0)
    length(3)
    for distance in distances { length(distance) }
  }

  /// The ten bytes in the codes of `ownCodes`, and the end of the block.
  private static func literals(_ writer: inout BitWriter) {
    for value in rows { writer.putCode(Int(value), 3) }
    writer.putCode(6, 3)
  }
}

@Suite("Deflate by hand")
struct DeflateCasesTests {
  @Test("corners of the format are read as libpng reads them", arguments: DeflateCase.all)
  func corner(_ what: DeflateCase) {
    let zlib =
      PNGBuilder.zlibHeader(window: 7) + what.data + PNGBuilder.adler(DeflateCase.rows)
    let png = PNGBuilder.gray(width: 4, height: 2, zlib: zlib)
    var fast = FastGrayPNG()
    let plane = fast.decode(png, maximumPixels: 100)
    #expect((plane != nil) == what.isTaken)
    #expect(decode(png, .fastWherePossible) == decode(png, .libpngOnly))
    if what.isTaken { #expect(plane?.pixels == [1, 2, 3, 4, 1, 2, 3, 4]) }
  }
}
