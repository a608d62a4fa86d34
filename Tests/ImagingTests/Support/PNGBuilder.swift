import CPNGShim
import Imaging
import Testing

/// PNG bytes written by libpng with the layout asked for; `rows` are packed samples.
func written(
  _ rows: [UInt8], stride: Int, _ width: Int, _ height: Int, depth: Int32, colourType: Int32,
  interlaced: Bool = false, palette: [UInt8] = [], filter: Int32 = 0, level: Int32 = 6
) -> [UInt8] {
  var out: UnsafeMutablePointer<UInt8>?
  var size = 0
  let status = unsafe gemba_png_write(
    rows, stride, UInt32(width), UInt32(height), depth, colourType, interlaced ? 1 : 0, palette,
    Int32(palette.count / 3), filter, level, &out, &size)
  #expect(status == 0)
  defer { unsafe gemba_png_free(out) }
  return unsafe Array(UnsafeBufferPointer(start: out, count: size))
}

/// What a decoder says about `bytes`, the path taken as asked.
func decode(_ bytes: [UInt8], _ path: PNGDecoder.Path) -> Result<DecodedImage, PNGError> {
  var decoder = PNGDecoder(path: path)
  return Result { () throws(PNGError) in try decoder.decode(bytes, name: "x.png") }
}

/// PNG files put together chunk by chunk, right or wrong.
enum PNGBuilder {
  /// A chunk with its checksum.
  static func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
    let named = Array(kind.utf8) + body
    return number(body.count) + named + number(Int(crc32(of: named)))
  }

  /// A gray image of 8 bits around compressed data as given.
  static func gray(width: Int, height: Int, zlib: [UInt8]) -> [UInt8] {
    let header = number(width) + number(height) + [8, 0, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
      + chunk("IDAT", zlib) + chunk("IEND", [])
  }

  /// The compressed data of a PNG, all pieces.
  static func zlib(of png: [UInt8]) -> [UInt8] {
    var at = 8
    var data: [UInt8] = []
    while at + 12 <= png.count {
      let count = png[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      if Array(png[at + 4..<at + 8]) == Array("IDAT".utf8) { data += png[at + 8..<at + 8 + count] }
      at += 12 + count
    }
    return data
  }

  /// zlib's two bytes for a window of 2^(`window` + 8), a dictionary asked for or not.
  static func zlibHeader(window: Int, dictionary: Bool = false) -> [UInt8] {
    let method = window << 4 | 8
    let flags = dictionary ? 0x20 : 0
    return [UInt8(method), UInt8(flags + (31 - (method << 8 + flags) % 31) % 31)]
  }

  /// Adler-32 (RFC 1950), highest byte first.
  static func adler(_ bytes: [UInt8]) -> [UInt8] {
    var a = 1
    var b = 0
    for byte in bytes {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    return number(b << 16 | a)
  }

  static func number(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }
}

/// Deflate data written bit by bit.
struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private var used = 8

  /// A number, its lowest bit first.
  mutating func put(_ value: Int, _ count: Int) {
    for i in 0..<count {
      if used == 8 {
        bytes.append(0)
        used = 0
      }
      bytes[bytes.count - 1] |= UInt8(value >> i & 1) << UInt8(used)
      used += 1
    }
  }

  /// A Huffman code, its highest bit first.
  mutating func putCode(_ code: Int, _ count: Int) {
    for i in (0..<count).reversed() { put(code >> i & 1, 1) }
  }

  /// Symbol of the fixed code for literals and lengths (RFC 1951, 3.2.6).
  mutating func putFixed(_ symbol: Int) {
    switch symbol {
    case 0..<144: putCode(0x30 + symbol, 8)
    case 144..<256: putCode(0x190 + symbol - 144, 9)
    case 256..<280: putCode(symbol - 256, 7)
    default: putCode(0xC0 + symbol - 280, 8)
    }
  }

  /// Up to the next whole byte.
  mutating func align() { used = 8 }
}
