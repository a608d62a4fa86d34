import FactoryModel
import Imaging

/// Numbers that tell classes of defects apart, measured in the picture inside a defect's box.
///
/// The box's surroundings give the level and the spread of the sound surface; pixels that leave the
/// level by more than three spreads are the mark. Shapes are measured on the mark by its moments, so
/// that they do not depend on how the part lies. A method need give no more than a box, so every
/// method's defects can be named alike.
struct DefectShape {
  /// How many numbers `features` has.
  static let count = 26

  /// Pixels of the box and its surroundings, thinned where the box is large.
  private let window: Window
  private let defect: Defect
  private let plane: Plane

  /// The shape of `defect` in `plane`.
  init(_ defect: Defect, in plane: Plane) {
    self.defect = defect
    self.plane = plane
    window = Window(defect, in: plane)
  }

  /// `count` finite numbers.
  var features: [Float] {
    let sound = Levels1D(window.ring)
    let all = Levels1D(window.box)
    let limit = max(3 * sound.spread, 6)
    let moments = MarkMoments(window, level: sound.median, limit: limit)
    let area = Double(max(defect.width * defect.height, 1))
    let (long, short) = (
      Double(max(defect.width, defect.height)), Double(min(defect.width, defect.height))
    )
    let edge = min(
      min(defect.x, plane.width - defect.x - defect.width),
      min(defect.y, plane.height - defect.y - defect.height))
    let extent = Double(min(plane.width, plane.height))
    let numbers: [Double] = [
      log2(long), log2(max(short, 1)), short / max(long, 1), log2(area),
      Double(defect.area) / area, log2(max(defect.length ?? long, 1)), defect.contrast ?? 0,
      Double(max(edge, 0)) / extent, sound.median, sound.spread, all.median - sound.median,
      all.spread, all.spread / (sound.spread + 2), all.low - sound.median, all.high - sound.median,
      window.texture(inBox: true), window.texture(inBox: true) / (window.texture(inBox: false) + 1),
      moments.share, moments.darkShare, moments.contrast, moments.long / extent,
      moments.short / extent, moments.short / max(moments.long, 0.5), moments.fill,
      moments.edgeShare, moments.coherence,
    ]
    return numbers.map { $0.isFinite ? Float($0) : 0 }
  }

  private func log2(_ value: Double) -> Double { MathFunctions.log(value) / 0.6931471805599453 }
}

/// The pixels of a defect's box and of a ring around it.
struct Window {
  /// Every `step`-th pixel is read.
  let step: Int
  /// Columns and rows read, ring included.
  let columns: Int
  let rows: Int
  /// Row-major levels.
  let levels: [UInt8]
  /// Whether each lies in the box.
  let isInBox: [Bool]

  init(_ defect: Defect, in plane: Plane) {
    let side = max(defect.width, defect.height)
    let margin = max(4, side / 4)
    let step = max(1, (side + 2 * margin) / 96)
    let left = max(defect.x - margin, 0)
    let top = max(defect.y - margin, 0)
    let xs = Array(
      stride(from: left, to: min(defect.x + defect.width + margin, plane.width), by: step))
    let ys = Array(
      stride(from: top, to: min(defect.y + defect.height + margin, plane.height), by: step))
    var levels: [UInt8] = []
    var inside: [Bool] = []
    for y in ys {
      let isRow = y >= defect.y && y < defect.y + defect.height
      for x in xs {
        levels.append(plane[x, y])
        inside.append(isRow && x >= defect.x && x < defect.x + defect.width)
      }
    }
    self.step = step
    columns = xs.count
    rows = ys.count
    self.levels = levels
    isInBox = inside
  }

  var box: [UInt8] { levels.indices.filter { isInBox[$0] }.map { levels[$0] } }
  /// The ring; the box itself where the defect fills the picture.
  var ring: [UInt8] {
    let ring = levels.indices.filter { !isInBox[$0] }.map { levels[$0] }
    return ring.isEmpty ? levels : ring
  }

  /// The mean difference between neighbours along rows and columns.
  func texture(inBox wanted: Bool) -> Double {
    var sum = 0
    var count = 0
    for i in levels.indices where isInBox[i] == wanted {
      if i % columns + 1 < columns {
        sum += abs(Int(levels[i]) - Int(levels[i + 1]))
        count += 1
      }
      if i + columns < levels.count {
        sum += abs(Int(levels[i]) - Int(levels[i + columns]))
        count += 1
      }
    }
    return count > 0 ? Double(sum) / Double(count) : 0
  }
}

/// Middle and spread of some gray levels.
struct Levels1D {
  var median = 0.0
  /// Half the way from the 16th to the 84th percentile: the standard deviation of a normal one.
  var spread = 0.0
  /// The 2nd and the 98th percentile.
  var low = 0.0
  var high = 0.0

  init(_ levels: [UInt8]) {
    guard !levels.isEmpty else { return }
    var counts = [Int](repeating: 0, count: 256)
    for level in levels { counts[Int(level)] += 1 }
    func percentile(_ share: Double) -> Double {
      let wanted = Int(share * Double(levels.count - 1))
      var seen = 0
      for level in 0..<256 {
        seen += counts[level]
        if seen > wanted { return Double(level) }
      }
      return 255
    }
    median = percentile(0.5)
    spread = (percentile(0.84) - percentile(0.16)) / 2
    low = percentile(0.02)
    high = percentile(0.98)
  }
}

/// The pixels of a box that leave the sound level, by their moments.
struct MarkMoments {
  /// Of the box: marked, and of the marked: darker than sound.
  var share = 0.0
  var darkShare = 0.0
  /// Mean difference of marked pixels, gray levels.
  var contrast = 0.0
  /// Standard deviations along both principal axes, pixels.
  var long = 0.0
  var short = 0.0
  /// Marked area against the ellipse of the same moments: 1 for an ellipse, less for a branched one.
  var fill = 0.0
  /// Marked pixels with an unmarked neighbour, of all marked.
  var edgeShare = 0.0
  /// Neighbours of marked pixels that are marked too; low for speckle.
  var coherence = 0.0

  init(_ window: Window, level: Double, limit: Double) {
    let marked = window.levels.indices.map { i in
      window.isInBox[i] && abs(Double(window.levels[i]) - level) > limit
    }
    let count = Double(marked.count { $0 })
    guard count > 0 else { return }
    share = count / Double(max(window.isInBox.count { $0 }, 1))
    var (sx, sy, sxx, sxy, syy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    var (dark, edges, neighbours) = (0.0, 0.0, 0.0)
    for i in marked.indices where marked[i] {
      let difference = Double(window.levels[i]) - level
      contrast += difference / count
      if difference < 0 { dark += 1 }
      let (x, y) = (Double(i % window.columns), Double(i / window.columns))
      sx += x
      sy += y
      sxx += x * x
      sxy += x * y
      syy += y * y
      let around = Self.markedNeighbours(of: i, marked, window)
      neighbours += Double(around)
      if around < 4 { edges += 1 }
    }
    darkShare = dark / count
    edgeShare = edges / count
    coherence = neighbours / (4 * count)
    let (mx, my) = (sx / count, sy / count)
    let (vxx, vyy) = (sxx / count - mx * mx + 1.0 / 12, syy / count - my * my + 1.0 / 12)
    let vxy = sxy / count - mx * my
    let half = (vxx - vyy) / 2
    let root = (half * half + vxy * vxy).squareRoot()
    let middle = (vxx + vyy) / 2
    let (large, small) = ((middle + root).squareRoot(), max(middle - root, 1.0 / 12).squareRoot())
    long = large * Double(window.step)
    short = small * Double(window.step)
    fill = count / (4 * Double.pi * large * small)
  }

  private static func markedNeighbours(of i: Int, _ marked: [Bool], _ window: Window) -> Int {
    var count = 0
    if i % window.columns > 0, marked[i - 1] { count += 1 }
    if i % window.columns + 1 < window.columns, marked[i + 1] { count += 1 }
    if i >= window.columns, marked[i - window.columns] { count += 1 }
    if i + window.columns < marked.count, marked[i + window.columns] { count += 1 }
    return count
  }
}
