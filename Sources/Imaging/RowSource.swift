/// An image handed over row by row, so that one larger than memory goes through in strips.
public protocol RowSource {
  /// Columns of the whole image.
  var width: Int { get }
  /// Rows of the whole image.
  var height: Int { get }
  /// Appends the next `count` rows (fewer at the end) to `rows`, 8-bit gray. Throws what the reader
  /// throws when the file is damaged further down.
  mutating func next(_ count: Int, into rows: inout [UInt8]) throws
  /// Goes back to the top row, for a second look. Throws when the image is no longer the same.
  mutating func rewind() throws
}

extension RowSource {
  /// Hands all rows to `take`, from the top down, about a million pixels at a time. Throws what reading
  /// and `take` throw.
  public mutating func strips(_ take: (_ rows: Range<Int>, _ pixels: [UInt8]) throws -> Void) throws
  {
    let most = max(1, (1 << 20) / width)
    var pixels: [UInt8] = []
    for top in stride(from: 0, to: height, by: most) {
      pixels.removeAll(keepingCapacity: true)
      try next(most, into: &pixels)
      try take(top..<min(top + most, height), pixels)
    }
  }
}

/// A plane in memory as a source of rows.
public struct PlaneRows: RowSource {
  /// The whole image.
  public let plane: Plane
  private var row = 0

  /// Starts at the top row of `plane`.
  public init(_ plane: Plane) { self.plane = plane }

  public var width: Int { plane.width }
  public var height: Int { plane.height }

  public mutating func next(_ count: Int, into rows: inout [UInt8]) {
    let taken = min(count, plane.height - row)
    rows.append(contentsOf: plane.pixels[row * width..<(row + taken) * width])
    row += taken
  }

  public mutating func rewind() { row = 0 }
}
