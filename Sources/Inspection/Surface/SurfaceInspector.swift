import FactoryModel
import Imaging

/// Memory kept from frame to frame and the network folded for speed.
struct SurfaceInspector: Inspector {
  private let model: SurfaceModel
  private let statistics: PaddedStatistics
  private let folded: FoldedNetwork
  private let workers: any Workers
  private var size = (width: 0, height: 0)
  private var strips: FrameStrips?

  init(_ model: SurfaceModel, workers: any Workers) {
    self.model = model
    self.workers = workers
    statistics = PaddedStatistics(mean: model.mean, inverseDeviation: model.inverseDeviation)
    folded = FoldedNetwork(model.network)
  }

  mutating func inspect(_ frame: Frame, _ request: InspectionRequest) throws -> Finding {
    try checkSize(frame.plane.width, frame.plane.height)
    var working = WorkingImage.shrunk(frame.plane, by: model.shrink)
    if model.finish == .rows { working = working.transposed }
    let strips = strips(of: working)
    var logits = strips.logits(of: working, statistics, folded, workers)
    let grid = upright(&logits, strips.grid)
    JudgedCells(request.regions, shrink: model.shrink)
      .leaveOut(&logits, columns: grid.columns)
    return finding(
      logits, columns: grid.columns, rows: grid.rows, frame.plane.width, frame.plane.height,
      request)
  }

  /// Brings logits to the image as it is.
  private func upright(_ logits: inout [Float], _ grid: CellPlace) -> CellPlace {
    guard model.finish == .rows else { return grid }
    logits = Transposition.of(logits, width: grid.columns, height: grid.rows)
    return CellPlace(columns: grid.rows, rows: grid.columns)
  }

  private var cellWidth: Int { CellFeatures.cellSize * model.shrink }

  private func checkSize(_ width: Int, _ height: Int) throws {
    guard min(width, height) >= cellWidth else {
      throw InspectionError.tooSmall(
        found: "\(width) × \(height)", smallest: "\(cellWidth) × \(cellWidth)")
    }
  }

  private func finding(
    _ logits: [Float], columns: Int, rows: Int, _ width: Int, _ height: Int,
    _ request: InspectionRequest
  ) -> Finding {
    let defects = SurfaceDefects(
      logits: logits, columns: columns, rows: rows, cellWidth: cellWidth, imageWidth: width,
      imageHeight: height)
    let map = ScoreMap(
      width: columns, height: rows, cellWidth: Double(cellWidth), cellHeight: Double(cellWidth),
      values: logits)
    return Finding(
      score: defects.imageScore, defects: defects.list(from: request.minimumScore),
      map: request.wantsMap ? map : nil)
  }

  /// The strips of the last frame, or new ones for another size.
  private mutating func strips(of working: Plane) -> FrameStrips {
    if let strips, size == (working.width, working.height) { return strips }
    let new = FrameStrips(width: working.width, height: working.height, count: workers.count)
    (strips, size) = (new, (working.width, working.height))
    return new
  }
}

extension SurfaceInspector: RowInspector {
  mutating func inspect(
    _ source: any RowSource, within regions: RegionRows?, _ request: InspectionRequest,
    _ workers: any Workers
  ) throws -> Finding {
    try checkSize(source.width, source.height)
    let tiles = SurfaceTiles(
      statistics: statistics, network: folded, workers: workers, finish: model.finish)
    return try inspect(source, within: regions, request, tiles)
  }

  /// The same with tiles of any size.
  func inspect(
    _ source: any RowSource, within regions: RegionRows?, _ request: InspectionRequest,
    _ tiles: SurfaceTiles
  ) throws -> Finding {
    var rows = WorkingRows(source, shrink: model.shrink)
    let turned = tiles.grid(rows)
    var logits = try tiles.logits(&rows, turned)
    let grid = upright(&logits, turned)
    if let regions {
      for row in 0..<grid.rows {
        let flags = regions.flags(row: JudgedCells.centre(row, shrink: model.shrink))
        for x in 0..<grid.columns where flags[JudgedCells.centre(x, shrink: model.shrink)] == 0 {
          logits[row * grid.columns + x] = SurfaceDefects.leftOut
        }
      }
    }
    return finding(
      logits, columns: grid.columns, rows: grid.rows, source.width, source.height, request)
  }
}

/// From the scores of cells to the image's score and its defects.
struct SurfaceDefects {
  /// The logit of a cell that is not judged, far below what the network gives.
  static let leftOut: Float = -30

  let logits: [Float]
  let columns: Int
  let rows: Int
  let cellWidth: Int
  let imageWidth: Int
  let imageHeight: Int

  /// Of all judged cells; −30 when no cell is judged.
  var imageScore: Double { LargestLogits(of: logits).mean(logits) }

  /// Groups of touching cells that stand out. A group's score is the mean of its largest logits, as many as
  /// make the image's score; cells count from the asked-for score less two, so that a group is not cut in
  /// pieces. The worst defect bears at least the image's score, so that a rejected image lists at least one.
  func list(from minimum: Double) -> [Defect] {
    let largest = LargestLogits(of: logits)
    let image = largest.mean(logits)
    guard image >= minimum else { return [] }
    let floor = Float(minimum) - 2
    let marked = logits.map { $0 >= floor ? UInt8(255) : 0 }
    let blobs = Blobs(of: marked, width: columns, height: rows)
    var scores = [[Float]](repeating: [], count: blobs.blobs.count)
    for run in blobs.runs {
      scores[run.blob] += logits[run.y * columns + run.start..<run.y * columns + run.end]
    }
    var defects = zip(blobs.blobs, scores).map { blob, values in
      defect(blob, score: largest.mean(values))
    }
    defects.sort { ($0.score, -$0.y, -$0.x) > ($1.score, -$1.y, -$1.x) }
    if !defects.isEmpty { defects[0].score = max(defects[0].score, image) }
    return defects.filter { $0.score >= minimum }
  }

  private func defect(_ blob: Blob, score: Double) -> Defect {
    let x = blob.x * cellWidth
    let y = blob.y * cellWidth
    return Defect(
      score: score, x: x, y: y, width: min(blob.width * cellWidth, imageWidth - x),
      height: min(blob.height * cellWidth, imageHeight - y),
      area: blob.area * cellWidth * cellWidth)
  }
}

/// The mean of the largest logits as a score: of one judged cell in 400, at least one, at most four.
///
/// A single number for all would thin out small defects on small pictures, and let large pictures, with more
/// cells to go wrong, score higher than small ones.
struct LargestLogits {
  private static let cellsForOne = 400
  private static let most = 4

  private let count: Int

  /// For an image with these logits.
  init(of image: [Float]) {
    let judged = image.count { $0 > SurfaceDefects.leftOut }
    let wanted = (judged + Self.cellsForOne / 2) / Self.cellsForOne
    count = min(max(wanted, 1), Self.most)
  }

  /// The mean of the largest of `logits`, of all judged ones when there are fewer.
  func mean(_ logits: [Float]) -> Double {
    var largest = [Float](repeating: SurfaceDefects.leftOut, count: count)
    for logit in logits where logit > largest[count - 1] {
      var place = count - 1
      while place > 0, largest[place - 1] < logit {
        largest[place] = largest[place - 1]
        place -= 1
      }
      largest[place] = logit
    }
    let found = largest.filter { $0 > SurfaceDefects.leftOut }
    guard !found.isEmpty else { return Double(SurfaceDefects.leftOut) }
    return Double(found.reduce(0, +)) / Double(found.count)
  }
}
