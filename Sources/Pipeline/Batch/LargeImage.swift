import Imaging
import Inspection
import Synchronization

/// Large images take turns, so that memory does not grow with the number of workers; the one in hand
/// is worked on by as many.
final class LargeImageTurn: Sendable {
  private let turn = Mutex(())

  /// Runs `body` when no other large image is in hand.
  func take<Result: Sendable>(_ body: () throws -> Result) rethrows -> Result {
    try turn.withLock { _ in try body() }
  }
}

/// Images as rows.
enum ImageRows {
  /// The rows of the image at `path`, one after the other. Throws `PNGError`.
  static func open(_ path: String, _ levels: Levels, _ limits: PNGLimits) throws -> any RowSource {
    if let rows = try PNGRows(path: path, limits: limits, levels: levels) { return rows }
    // Interlaced rows are known only at the end: the image is held.
    var decoder = PNGDecoder(limits: limits)
    return PlaneRows(try decoder.decode(path: path).plane(levels: levels))
  }

  /// Whether the image at `path` says that it has more than `pixels` pixels.
  static func areLarge(_ path: String, from pixels: Int) -> Bool {
    guard let header = PNGHeader(path: path) else { return false }
    return header.width.multipliedReportingOverflow(by: header.height).partialValue > pixels
  }
}

/// The rows of a large image on their way to the inspector: on the first pass the mean gray level and
/// a small picture are taken from them.
final class WatchedRows: RowSource {
  /// The small picture has about this many pixels at most.
  private static let pictured = 4 << 20

  /// The whole factor by which the small picture is shrunk.
  let shrink: Int
  private var source: any RowSource
  private var isFirstPass = true
  private var sum = 0
  private var picture: [UInt8] = []
  /// Rows that do not make a whole row of the picture yet.
  private var waiting: [UInt8] = []

  /// The rows of `source` from its top on.
  init(_ source: any RowSource) {
    self.source = source
    var shrink = 1
    while (source.width / shrink) * (source.height / shrink) > Self.pictured { shrink += 1 }
    self.shrink = min(shrink, source.width, source.height)
  }

  var width: Int { source.width }
  var height: Int { source.height }

  func next(_ count: Int, into rows: inout [UInt8]) throws {
    let start = rows.count
    try source.next(count, into: &rows)
    guard isFirstPass else { return }
    let new = rows[start...]
    for pixel in new { sum &+= Int(pixel) }
    waiting += new
    let whole = waiting.count / (width * shrink) * shrink
    guard whole > 0 else { return }
    let strip = Plane(width: width, height: whole, pixels: Array(waiting[..<(whole * width)]))
    picture += strip.shrunk(by: shrink).pixels
    waiting.removeFirst(whole * width)
  }

  func rewind() throws {
    try source.rewind()
    isFirstPass = false
    waiting = []
  }

  /// The mean gray level of the image, after the first pass.
  var brightness: Double { Double(sum) / Double(width * height) }

  /// The small picture, after the first pass.
  var plane: Plane {
    Plane(width: width / shrink, height: height / shrink, pixels: picture)
  }
}
