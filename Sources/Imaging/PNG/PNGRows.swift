/// The rows of a PNG file one after the other, in little memory; not for interlaced images.
public final class PNGRows: RowSource {
  private let path: String
  private let limits: PNGLimits
  private let levels: Levels
  private let file: OpenFile
  private var reader: LibPNGReader
  private var row = 0
  /// Samples as libpng gives them, where they are not gray bytes.
  private var samples: [UInt8] = []

  public let width: Int
  public let height: Int

  /// Opens the file at `path`; 16-bit samples are seen through `levels`. Nil when the image is
  /// interlaced, so that its rows are known only at the end. Throws a case of `PNGError`.
  public init?(
    path: String, limits: PNGLimits = PNGLimits(), levels: Levels = .full
  ) throws(PNGError) {
    let file = try OpenFile(path, maximumBytes: limits.maximumBytes)
    var signature = [UInt8](repeating: 0, count: 8)
    let count = try file.fill(&signature)
    try PNGDecoder.checkSignature(signature[..<count], name: path)
    try file.rewind()
    let reader = try LibPNGReader(file, name: path, limits: limits)
    guard !reader.isInterlaced else { return nil }
    self.path = path
    self.limits = limits
    self.levels = levels
    self.file = file
    self.reader = reader
    width = reader.width
    height = reader.height
  }

  public func next(_ count: Int, into rows: inout [UInt8]) throws {
    var left = min(count, height - row)
    guard left > 0 else { return }
    while left > 0 {
      let taken = min(Samples.strip(of: reader), left)
      try read(taken, into: &rows)
      left -= taken
      row += taken
    }
    guard row == height else { return }
    try reader.readEnd()
    try file.confirmUnchanged()
  }

  public func rewind() throws {
    try file.confirmUnchanged()
    try file.rewind()
    reader = try LibPNGReader(file, name: path, limits: limits)
    row = 0
    guard reader.width == width, reader.height == height else {
      throw PNGError.stillBeingWritten(path: path)
    }
  }

  private func read(_ count: Int, into rows: inout [UInt8]) throws(PNGError) {
    if reader.isGrayBytes {
      let start = rows.count
      rows.append(contentsOf: repeatElement(0, count: count * width))
      return try reader.read(count, into: &rows, at: start)
    }
    if samples.count != count * reader.stride {
      samples = [UInt8](repeating: 0, count: count * reader.stride)
    }
    try reader.read(count, into: &samples, at: 0)
    rows += Samples.image(samples, rows: count, of: reader).plane(levels: levels).pixels
  }
}
