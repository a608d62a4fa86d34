import Imaging
import Kernels

/// Small pictures of images, by which near-duplicates are found again.
///
/// An image is shrunk by area to 24 × 24 means; their mean is taken off and the rest divided by its
/// norm, so that the dot product of two thumbnails is their correlation, whatever the brightness
/// and contrast. Stored as one byte a value; an image of a single gray has no thumbnail pattern
/// and correlates with nothing.
///
/// Parts of one design look alike in every thumbnail, so the mean of all images compared is taken off
/// first (`without`): what is left is the part's own. Siblings correlate there above 0.95. The mean
/// of a handful of images is no design; they are compared as they are, above 0.995.
///
/// Finding pairs: ‖a − b‖² = 2 − 2 · correlation. The sums over 4 × 4 values divided by 4 are an
/// orthogonal projection to 36 dimensions, which never lengthens a difference, so only pairs whose
/// projections lie near enough need the full dot product: exact, and a sixteenth of the work.
public struct Thumbnails: Hashable, Sendable {
  /// Means on each axis.
  public static let side = 24
  /// The correlation above which two images count as the same part, once the mean is taken off.
  public static let siblingCorrelation: Float = 0.95
  /// The same for fewer images than `fewestForMean`, whose mean says nothing.
  public static let copyCorrelation: Float = 0.995
  static let fewestForMean = 16
  static let area = side * side
  static let coarseSide = 6
  static let coarseArea = coarseSide * coarseSide

  /// 576 bytes an image: 128 is zero, 255 the largest magnitude of the thumbnail; all 128 is flat.
  public private(set) var bytes: [UInt8] = []
  /// Images held.
  public var count: Int { bytes.count / Self.area }

  /// None yet.
  public init() {}

  /// Thumbnails of `planes`, in order.
  public init(of planes: [Plane]) {
    for plane in planes { append(Self.bytes(of: plane)) }
  }

  /// Adds what `bytes(of:)` made, 576 bytes.
  public mutating func append(_ thumbnail: [UInt8]) {
    precondition(thumbnail.count == Self.area, "\(thumbnail.count) bytes of a thumbnail")
    bytes += thumbnail
  }

  /// The 576 bytes of an image's thumbnail; independent for each image, so workers may share out
  /// the images.
  public static func bytes(of plane: Plane) -> [UInt8] {
    var rows: any RowSource = PlaneRows(plane)
    do { return try bytes(of: &rows).thumbnail } catch { preconditionFailure("\(error)") }
  }

  /// The same of an image that comes row by row, with its mean gray level. Throws what reading throws.
  public static func bytes(of image: inout any RowSource) throws
    -> (thumbnail: [UInt8], brightness: Double)
  {
    let (width, height) = (image.width, image.height)
    let columns = edges(width)
    let rows = edges(height)
    var sums = [Int](repeating: 0, count: area)
    var total = 0
    try image.strips { strip, pixels in
      for y in strip {
        let at = (y - strip.lowerBound) * width
        let row = pixels.span.extracting(at..<at + width)
        for x in 0..<width { total &+= Int(row[x]) }
        for j in 0..<side where (rows[j].0..<rows[j].1).contains(y) {
          for i in 0..<side {
            for x in columns[i].0..<columns[i].1 { sums[j * side + i] += Int(row[x]) }
          }
        }
      }
    }
    let means = (0..<area).map { index in
      let (row, column) = (rows[index / side], columns[index % side])
      return Float(sums[index]) / Float((row.1 - row.0) * (column.1 - column.0))
    }
    return (bytes(means), Double(total) / Double(width * height))
  }

  private static func bytes(_ means: [Float]) -> [UInt8] {
    let mean = means.reduce(0, +) / Float(area)
    let largest = means.reduce(0) { max($0, abs($1 - mean)) }
    guard largest > 0.01 else { return [UInt8](repeating: 128, count: area) }
    return means.map { UInt8((128 + ($0 - mean) / largest * 127).rounded()) }
  }

  /// Where each of the 24 means starts and ends; at least one pixel, so that small images overlap.
  private static func edges(_ length: Int) -> [(Int, Int)] {
    (0..<side).map { index in
      let start = min(index * length / side, length - 1)
      return (start, max((index + 1) * length / side, start + 1))
    }
  }

  /// Adds the section `thumbnails` to an archive.
  public func store(in archive: inout ModelArchive) { archive.set("thumbnails", bytes) }

  /// Reads the section `thumbnails`. Throws `ModelError.damaged` when it is absent or cut.
  public init(from archive: ModelArchive) throws(ModelError) {
    bytes = try archive.get("thumbnails", as: UInt8.self)
    guard bytes.count % Self.area == 0 else {
      throw .damaged(reason: "section thumbnails is cut off")
    }
  }

  /// Unit vectors of 576 numbers, mean taken off once more after rounding; zeros for a flat image.
  func vectors() -> [Float] {
    var vectors = [Float](repeating: 0, count: bytes.count)
    for image in 0..<count {
      let range = image * Self.area..<(image + 1) * Self.area
      let sum = bytes[range].reduce(0) { $0 + Int($1) }
      let mean = Float(sum) / Float(Self.area)
      var squares: Float = 0
      for index in range {
        vectors[index] = Float(bytes[index]) - mean
        squares += vectors[index] * vectors[index]
      }
      guard squares > 0 else { continue }
      let scale = 1 / squares.squareRoot()
      for index in range { vectors[index] *= scale }
    }
    return vectors
  }

  /// The mean of both lists of vectors, every image weighing the same.
  static func mean(_ first: [Float], _ second: [Float]) -> [Float] {
    var sums = [Float](repeating: 0, count: area)
    for vectors in [first, second] {
      for index in vectors.indices { sums[index % area] += vectors[index] }
    }
    let count = Float((first.count + second.count) / area)
    return sums.map { $0 / count }
  }

  /// `vectors` less `design` (none: as they are), each of length 1 again. One that is the design
  /// itself has nothing of its own and stays as it is.
  static func without(_ design: [Float], _ vectors: [Float]) -> [Float] {
    guard !design.isEmpty else { return vectors }
    var own = vectors
    for start in stride(from: 0, to: vectors.count, by: area) {
      var squares: Float = 0
      for index in 0..<area {
        let value = vectors[start + index] - design[index]
        squares += value * value
      }
      guard squares > 1e-6 else { continue }
      let scale = 1 / squares.squareRoot()
      for index in 0..<area {
        own[start + index] = (vectors[start + index] - design[index]) * scale
      }
    }
    return own
  }

  /// The projections of `vectors` to 36 dimensions, dimension by dimension.
  static func coarseColumns(_ vectors: [Float], count: Int) -> [Float] {
    var columns = [Float](repeating: 0, count: count * coarseArea)
    let block = side / coarseSide
    for image in 0..<count {
      for y in 0..<side {
        for x in 0..<side {
          let dimension = (y / block) * coarseSide + x / block
          let value = vectors[image * area + y * side + x]
          columns[dimension * count + image] += value / Float(block)
        }
      }
    }
    return columns
  }
}
