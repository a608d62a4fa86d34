/// Reads PNG files into gray planes. One per worker: it keeps the file's bytes as scratch memory.
public struct PNGDecoder {
  /// Which way files are decoded; `.libpngOnly` is for comparing.
  public enum Path: Sendable {
    case fastWherePossible
    case libpngOnly
  }

  private let limits: PNGLimits
  private var file: [UInt8] = []
  private var fast: FastGrayPNG?

  /// A decoder that refuses images beyond `limits`.
  public init(limits: PNGLimits = PNGLimits(), path: Path = .fastWherePossible) {
    self.limits = limits
    fast = path == .libpngOnly ? nil : FastGrayPNG()
  }

  /// Reads and decodes the file at `path`. Throws a case of `PNGError` for every fault of the file
  /// or the file system.
  public mutating func decode(path: String) throws(PNGError) -> DecodedImage {
    try FileBytes.read(path, maximumBytes: limits.maximumBytes, into: &file)
    return try decode(file, name: path)
  }

  /// Decodes a PNG in memory; `name` stands for the path in errors.
  public mutating func decode(_ bytes: [UInt8], name: String) throws(PNGError) -> DecodedImage {
    guard !bytes.isEmpty else { throw .empty(path: name) }
    try Self.checkSignature(bytes.prefix(8), name: name)
    guard bytes.count > 8 else { throw .truncated(path: name, rowsRead: 0, of: 0) }
    if let plane = fast?.decode(bytes, maximumPixels: limits.maximumPixels) { return .gray8(plane) }
    return try LibPNG.decode(bytes, name: name, limits: limits).get()
  }

  /// Throws when `bytes`, the first eight or fewer of a file, do not begin a PNG.
  static func checkSignature(_ bytes: ArraySlice<UInt8>, name: String) throws(PNGError) {
    guard bytes.elementsEqual(signature.prefix(bytes.count)) else { throw .notPNG(path: name) }
  }

  /// The first bytes of every PNG file (W3C PNG, section 5.2).
  public static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
}
