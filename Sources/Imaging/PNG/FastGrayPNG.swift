import CLibDeflate
import Kernels

/// The fast path: 8-bit and 1-bit gray, not interlaced, through our own inflate and unfilter.
///
/// It takes only files in which nothing is unusual: every checksum right, only chunks that cannot
/// change a gray sample, exactly as much data as the header asks for. Everything else it leaves to
/// libpng, whose word on damaged files is then the only one. What it takes it decodes to the very
/// bytes that libpng gives. Documentation/Decisions/0003-inflate.md tells what was measured.
struct FastGrayPNG {
  private var inflater = Inflater()
  private var compressed: [UInt8] = []
  /// Rows as they were compressed, each with its filter in front; longer than the image needs.
  private var filtered: [UInt8] = []
  /// Rows of bits, for images of 1 bit.
  private var packed: [UInt8] = []

  /// The image, or nil when libpng has to look at the file.
  mutating func decode(_ file: [UInt8], maximumPixels: Int) -> Plane? {
    guard let layout = Layout(file), layout.pixels <= maximumPixels else { return nil }
    gather(layout, file)
    let size = (layout.rowBytes + 1) * layout.height
    // Deflate never grows data by more than about 1032 times: no memory for what a header only claims.
    guard size <= (compressed.count + 64) * 1040 else { return nil }
    if filtered.count < size + Inflater.slack {
      filtered = [UInt8](repeating: 0, count: size + Inflater.slack)
    }
    guard inflate(size) else { return nil }
    return unfiltered(layout)
  }

  private mutating func gather(_ layout: Layout, _ file: [UInt8]) {
    compressed.removeAll(keepingCapacity: true)
    for range in layout.data { compressed += file[range] }
  }

  /// Whether exactly `size` bytes came out of all compressed bytes, with the right checksum
  /// (RFC 1950). A preset dictionary is not for PNG.
  private mutating func inflate(_ size: Int) -> Bool {
    let count = compressed.count
    guard count > 6, compressed[0] & 15 == 8, compressed[0] >> 4 <= 7,
      (Int(compressed[0]) << 8 | Int(compressed[1])) % 31 == 0, compressed[1] & 0x20 == 0
    else { return false }
    let window = 256 << Int(compressed[0] >> 4)
    let wanted = UInt32(truncatingIfNeeded: Chunk.number(compressed, count - 4))
    compressed += repeatElement(0, count: Inflater.slack)
    guard
      inflater.inflate(compressed, in: 2..<count - 4, window: window, into: &filtered, size: size)
    else { return false }
    let sum = unsafe filtered.withUnsafeBytes {
      unsafe libdeflate_adler32(1, $0.baseAddress, size)
    }
    return sum == wanted
  }

  private mutating func unfiltered(_ layout: Layout) -> Plane? {
    var pixels = [UInt8](repeating: 0, count: layout.pixels)
    if layout.depth == 8 {
      guard unfilter(filtered, into: &pixels, count: layout.rowBytes, height: layout.height)
      else { return nil }
    } else {
      let size = layout.rowBytes * layout.height
      if packed.count < size { packed = [UInt8](repeating: 0, count: size) }
      guard unfilter(filtered, into: &packed, count: layout.rowBytes, height: layout.height)
      else { return nil }
      expandBits(packed, into: &pixels, width: layout.width, height: layout.height)
    }
    return Plane(width: layout.width, height: layout.height, pixels: pixels)
  }
}

/// Where the parts of a plain gray PNG lie in the file.
private struct Layout {
  var width = 0
  var height = 0
  /// 1 or 8 bits a pixel.
  var depth = 0
  /// The compressed data, piece by piece.
  var data: [Range<Int>] = []
  var pixels: Int { width * height }
  var rowBytes: Int { (width * depth + 7) / 8 }

  /// Ancillary chunks that say nothing about gray samples as the decoder gives them out.
  private static let harmless: Set<String> = [
    "gAMA", "cHRM", "pHYs", "tEXt", "zTXt", "iTXt", "tIME", "bKGD", "sRGB", "sBIT", "hIST",
  ]

  /// Nil for any file that is not plain gray, or not whole and in order.
  init?(_ file: [UInt8]) {
    guard file.starts(with: PNGDecoder.signature) else { return nil }
    var position = 8
    var first = true
    while let chunk = Chunk(file, at: position) {
      position = chunk.next
      switch chunk.kind {
      case "IHDR":
        guard first, readHeader(file, chunk.body) else { return nil }
      case "IDAT":
        guard !first else { return nil }
        data.append(chunk.body)
      case "IEND":
        guard chunk.body.isEmpty, !data.isEmpty, position == file.count else { return nil }
        return
      default:
        guard !first, Self.harmless.contains(chunk.kind), data.isEmpty else { return nil }
      }
      first = false
    }
    return nil
  }

  private mutating func readHeader(_ file: [UInt8], _ body: Range<Int>) -> Bool {
    guard body.count == 13 else { return false }
    let at = body.lowerBound
    width = Chunk.number(file, at)
    height = Chunk.number(file, at + 4)
    depth = Int(file[at + 8])
    // Colour type 0 (gray), compression 0, filter method 0, not interlaced.
    return width > 0 && height > 0 && width < 1 << 24 && height < 1 << 24
      && (depth == 8 || depth == 1) && file[at + 9..<at + 13].allSatisfy { $0 == 0 }
  }
}

/// One chunk of a PNG whose checksum is right.
private struct Chunk {
  var kind: String
  var body: Range<Int>
  var next: Int

  init?(_ file: [UInt8], at position: Int) {
    guard position + 12 <= file.count else { return nil }
    let length = Chunk.number(file, position)
    guard length <= file.count - position - 12 else { return nil }
    body = position + 8..<position + 8 + length
    next = body.upperBound + 4
    let sum = unsafe file.withUnsafeBytes { bytes in
      unsafe libdeflate_crc32(0, bytes.baseAddress! + position + 4, length + 4)
    }
    guard Int(sum) == Chunk.number(file, body.upperBound) else { return nil }
    kind = String(decoding: file[position + 4..<position + 8], as: UTF8.self)
  }

  static func number(_ file: [UInt8], _ at: Int) -> Int {
    Int(file[at]) << 24 | Int(file[at + 1]) << 16 | Int(file[at + 2]) << 8 | Int(file[at + 3])
  }
}
