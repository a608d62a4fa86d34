import Imaging

/// Pixel figures of many score maps in fixed memory.
///
/// - Pixel AUROC: as the image AUROC, over all pixels of all images.
/// - AUPRO (Bergmann et al. 2021): per-region overlap, the mean over connected defect regions
///   (eight neighbours) of the share of the region at or above a score, against the share of good
///   pixels at or above it; trapezoids up to a share of 0.3, divided by 0.3, so that 1 is perfect.
///
/// Maps are brought to the size of the image bilinearly between cell centres (constant beyond the
/// outermost centres), or each pixel takes its cell's score. Scores are counted in about a million
/// bins: sign, exponent and the upper eleven bits of the fraction of the 32-bit score, so that
/// scores closer than 0.05 % are ties. That takes 24 MiB whatever the number of images, needs no
/// second pass, and tallies of several workers add up. Sorting all pixels exactly would take
/// gigabytes for a thousand images.
public struct PixelTally: Sendable {
  /// How a map is brought to the size of the image.
  public enum Upsampling: String, Sendable {
    case bilinear
    case nearest
  }

  private static let binCount = 1 << 20

  /// How maps are brought to image size.
  public let upsampling: Upsampling
  /// Images counted.
  public private(set) var images = 0
  /// Images labelled defective without a defect pixel in their mask: not counted, because nobody
  /// knows which of their pixels are defective.
  public private(set) var skipped = 0
  /// Connected defect regions counted.
  public private(set) var regions = 0
  private var good = [Int](repeating: 0, count: binCount)
  private var defective = [Int](repeating: 0, count: binCount)
  /// Sums of 1 / area of the region over its pixels.
  private var overlap = [Double](repeating: 0, count: binCount)

  /// Nothing counted yet.
  public init(upsampling: Upsampling = .bilinear) { self.upsampling = upsampling }

  /// Counts one image of `width` × `height` pixels.
  ///
  /// `mask` (same size, > 127 is defect) may be absent; for an image labelled defective the image
  /// is then skipped. Pixels outside `within` are not counted.
  public mutating func add(
    _ map: ScoreMap, width: Int, height: Int, mask: Plane?, isDefective: Bool,
    within: RegionMask? = nil
  ) {
    if let mask {
      precondition(
        mask.width == width && mask.height == height,
        "mask of \(mask.width) × \(mask.height) for an image of \(width) × \(height)")
    }
    let marks = Self.marks(mask, within: within)
    let blobs = marks.isEmpty ? nil : Blobs(of: marks, width: width, height: height)
    let hasDefect = !(blobs?.blobs.isEmpty ?? true)
    if isDefective && !hasDefect {
      skipped += 1
      return
    }
    let bins = binned(map, width: width, height: height)
    images += 1
    countGood(bins, marks: marks, within: within)
    if let blobs { countDefective(bins, blobs, width: width) }
  }

  /// Non-zero where a pixel is defective and counts; empty without a mask.
  private static func marks(_ mask: Plane?, within: RegionMask?) -> [UInt8] {
    guard let mask else { return [] }
    var marks: [UInt8] = mask.pixels.map { $0 > 127 ? 255 : 0 }
    guard let within else { return marks }
    for index in marks.indices { marks[index] &= within.flags[index] }
    return marks
  }

  private mutating func countGood(_ bins: [UInt32], marks: [UInt8], within: RegionMask?) {
    let bin = bins.span
    var counts = good.mutableSpan
    let flags = within?.flags ?? []
    for index in 0..<bin.count {
      if !flags.isEmpty, flags[index] == 0 { continue }
      if !marks.isEmpty, marks[index] != 0 { continue }
      counts[Int(bin[index])] += 1
    }
  }

  private mutating func countDefective(_ bins: [UInt32], _ blobs: Blobs, width: Int) {
    regions += blobs.blobs.count
    for run in blobs.runs {
      let share = 1 / Double(blobs.blobs[run.blob].area)
      for x in run.start..<run.end {
        let bin = Int(bins[run.y * width + x])
        defective[bin] += 1
        overlap[bin] += share
      }
    }
  }

  /// Adds what another tally counted.
  public mutating func add(_ other: PixelTally) {
    images += other.images
    skipped += other.skipped
    regions += other.regions
    for bin in 0..<Self.binCount {
      good[bin] += other.good[bin]
      defective[bin] += other.defective[bin]
      overlap[bin] += other.overlap[bin]
    }
  }

  /// Pixel AUROC and AUPRO up to the false-positive rate `limit`; nil without defect or good
  /// pixels.
  public func figures(upTo limit: Double = 0.3) -> (auroc: Double, aupro: Double)? {
    let goodTotal = Double(good.reduce(0, +))
    let badTotal = Double(defective.reduce(0, +))
    guard goodTotal > 0, badTotal > 0, regions > 0 else { return nil }
    var goodSeen = 0.0
    var overlapSeen = 0.0
    var badSeen = 0.0
    var rankArea = 0.0
    var overlapArea = 0.0
    for bin in (0..<Self.binCount).reversed() where good[bin] != 0 || defective[bin] != 0 {
      let tiedGood = Double(good[bin])
      let tiedBad = Double(defective[bin])
      rankArea += tiedGood * (badSeen + tiedBad / 2)
      let step = overlap[bin] / Double(regions)
      let left = goodSeen / goodTotal
      let width = tiedGood / goodTotal
      if left < limit, width > 0 {
        let taken = min(width, limit - left)
        overlapArea += taken * (overlapSeen + step * (taken / width) / 2)
      }
      goodSeen += tiedGood
      badSeen += tiedBad
      overlapSeen += step
    }
    return (rankArea / (goodTotal * badTotal), overlapArea / limit)
  }

  /// The bin of every pixel of the image.
  private func binned(_ map: ScoreMap, width: Int, height: Int) -> [UInt32] {
    let isNearest = upsampling == .nearest
    let columns = Sampling(width, cells: map.width, size: map.cellWidth, isNearest: isNearest)
    let rows = Sampling(height, cells: map.height, size: map.cellHeight, isNearest: isNearest)
    var bins = [UInt32](repeating: 0, count: width * height)
    var out = bins.mutableSpan
    let values = map.values.span
    let (lower, upper, share) = (columns.lower.span, columns.upper.span, columns.share.span)
    for y in 0..<height {
      let above = rows.lower[y] * map.width
      let below = rows.upper[y] * map.width
      let part = rows.share[y]
      for x in 0..<width {
        let (l, u, s) = (lower[x], upper[x], share[x])
        let top = values[above + l] + (values[above + u] - values[above + l]) * s
        let bottom = values[below + l] + (values[below + u] - values[below + l]) * s
        out[y * width + x] = Self.bin(top + (bottom - top) * part)
      }
    }
    return bins
  }

  /// Rises with the score: the bits of a float rise with its magnitude; negative ones are turned.
  private static func bin(_ score: Float) -> UInt32 {
    // Adding 0 makes −0 and 0 the same.
    let bits = (score + 0).bitPattern
    let ordered = bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
    return ordered >> 12
  }
}

/// Between which two cells each pixel of an axis lies, and how far from the lower to the upper.
private struct Sampling {
  var lower: [Int] = []
  var upper: [Int] = []
  var share: [Float] = []

  init(_ length: Int, cells: Int, size: Double, isNearest: Bool) {
    for pixel in 0..<length {
      let position = (Double(pixel) + 0.5) / size
      if isNearest {
        let cell = min(Int(position), cells - 1)
        lower.append(cell)
        upper.append(cell)
        share.append(0)
      } else {
        let centred = min(max(position - 0.5, 0), Double(cells - 1))
        let cell = Int(centred)
        lower.append(cell)
        upper.append(min(cell + 1, cells - 1))
        share.append(Float(centred - Double(cell)))
      }
    }
  }
}
