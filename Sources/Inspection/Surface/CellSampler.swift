import Imaging
import Kernels

/// Cells to learn from: rows of `CellContext.count` inputs with their targets, 1 for a defect.
struct SampledCells: Sendable {
  var rows: [Float] = []
  var targets: [Float] = []
  /// The fold of the part that each cell comes from.
  var folds: [UInt8] = []

  mutating func append(contentsOf other: SampledCells) {
    rows += other.rows
    targets += other.targets
    folds += other.folds
  }

  /// The same cells, all of `fold`.
  func inFold(_ fold: Int) -> SampledCells {
    var cells = self
    cells.folds = [UInt8](repeating: UInt8(fold), count: targets.count)
    return cells
  }

  /// Moves every second row part of the way to one of the others; targets stay as they are.
  mutating func mix(using generator: inout SeededGenerator) {
    let inputs = CellContext.count
    let even = (targets.count + 1) / 2
    for row in stride(from: 1, to: targets.count, by: 2) {
      let share = generator.uniform(0, 1)
      let other = 2 * generator.below(even) * inputs
      let at = row * inputs
      for k in 0..<inputs { rows[at + k] += share * (rows[other + k] - rows[at + k]) }
    }
  }

  static func joined(_ parts: [SampledCells]) -> SampledCells {
    var all = SampledCells()
    all.rows.reserveCapacity(parts.reduce(0) { $0 + $1.rows.count })
    for part in parts { all.append(contentsOf: part) }
    return all
  }
}

/// Draws cells from painted, good and labelled pictures. Every picture has a seed of its own, so the
/// result does not depend on how the work is shared out.
struct CellSampler: Sendable {
  let statistics: PaddedStatistics
  let settings: SurfaceSettings
  let judged: JudgedCells
  let seed: UInt64
  let progress: @Sendable (TeachingProgress) -> Void

  /// Up to `cellsPerPicture` defect cells (share of defect pixels above 0.35) and as many clean ones
  /// (below 0.02) from every painted picture.
  func synthetic(_ good: GoodParts, _ folds: TeachingFolds, _ workers: any Workers) throws
    -> SampledCells
  {
    let total = 2 * settings.syntheticPictures
    let counter = ProgressCounter(stage: "painting defects", total: total, report: progress)
    return .joined(
      try workers.map(total) { index in
        var generator = SeededGenerator(seed: mixed(UInt64(index)))
        let part = generator.below(good.planes.count)
        let other = good.planes[generator.below(good.planes.count)]
        let painted = paint(good.planes[part], other, subtle: index % 2 == 0, &generator)
        counter.count()
        let asItIs = Mirror(width: painted.plane.width, height: painted.plane.height)
        return cells(painted.plane, painted.mask, seenIn: asItIs, &generator).inFold(
          folds.good[good.places[part]])
      })
  }

  /// `goodCells` cells shared evenly among the good parts, targets 0.
  func good(
    _ features: [CellFeatures], _ good: GoodParts, _ folds: TeachingFolds, _ workers: any Workers
  ) throws -> SampledCells {
    let each = max(1, settings.goodCells / features.count)
    return .joined(
      try workers.map(features.count) { index in
        var generator = SeededGenerator(seed: mixed(UInt64(index) &+ 1 << 32))
        let context = SampledContext(features[index], statistics)
        let places = judged.indices(columns: context.columns, rows: context.rows)
        let drawn = generator.shuffled(places).prefix(each)
        return context.cells(drawn.map { ($0, 0) }).inFold(folds.good[good.places[index]])
      })
  }

  /// Cells of labelled defective parts that have masks, each as it is and seven times mirrored and in other
  /// light: there are few of them. Parts without a mask teach nothing here.
  func labelled(
    _ parts: [TeachingImage], _ shrink: Int, _ folds: TeachingFolds, _ workers: any Workers
  ) throws -> SampledCells {
    .joined(
      try workers.map(parts.count) { index in
        guard let readMask = parts[index].readMask else { return SampledCells() }
        var generator = SeededGenerator(seed: mixed(UInt64(index) &+ 2 << 32))
        let plane = WorkingImage.shrunk(try parts[index].read().plane, by: shrink)
        let mask = WorkingImage.shrunk(try readMask(), by: shrink)
        guard mask.width == plane.width, mask.height == plane.height else {
          throw InspectionError.cannotTeach(
            reason: "\(parts[index].name): the mask has another size than the image",
            mend: "draw the mask on the image itself")
        }
        let mirrors = Mirror.all(width: plane.width, height: plane.height)
        return .joined(
          (mirrors + mirrors).enumerated().map { number, mirror in
            cells(plane, mask, through: mirror, isRelit: number > 0, &generator)
          }
        )
        .inFold(folds.defects[index])
      })
  }

  /// Cells of a picture and its mask as seen in a mirror, perhaps in other light.
  private func cells(
    _ plane: Plane, _ mask: Plane, through mirror: Mirror, isRelit: Bool,
    _ generator: inout SeededGenerator
  ) -> SampledCells {
    let seen = mirror.mirrored(plane)
    let marked = Canvas(
      width: mask.width, height: mask.height,
      values: mirror.mirrored(mask).pixels.map { $0 > 127 ? 1 : 0 })
    let picture = isRelit ? ChangedLight(using: &generator).falling(on: Self.canvas(seen)) : seen
    return cells(picture, marked, seenIn: mirror, &generator)
  }

  private func mixed(_ index: UInt64) -> UInt64 {
    var generator = SeededGenerator(seed: seed &* 0x1_0000_0001 &+ index)
    return generator.next()
  }

  /// A painted picture; up to five tries until the mask is not empty.
  private func paint(
    _ plane: Plane, _ other: Plane, subtle: Bool, _ generator: inout SeededGenerator
  ) -> (plane: Plane, mask: Canvas) {
    let picture = Self.canvas(plane)
    let foreign = Self.canvas(other)
    var painter = DefectPainter(picture, other: foreign, seed: generator.next())
    for _ in 0..<5 {
      if subtle { painter.paintSubtle() } else { painter.paintBold() }
      judged.restore(&painter, picture)
      if painter.mask.values.contains(where: { $0 > 0 }) { break }
      painter = DefectPainter(picture, other: foreign, seed: generator.next())
    }
    return (ChangedLight(using: &generator).falling(on: painter.picture), painter.mask)
  }

  private static func canvas(_ plane: Plane) -> Canvas {
    Canvas(width: plane.width, height: plane.height, values: plane.pixels.map { Float($0) / 255 })
  }

  /// Up to `cellsPerPicture` judged cells of each kind of a picture that was seen in `mirror`.
  private func cells(
    _ plane: Plane, _ mask: Canvas, seenIn mirror: Mirror, _ generator: inout SeededGenerator
  ) -> SampledCells {
    let context = SampledContext(FilterBank().features(of: plane), statistics)
    let shares = context.shares(of: mask)
    let order = generator.shuffled(
      judged.indices(columns: context.columns, rows: context.rows, through: mirror))
    let bad = order.filter { shares[$0] > 0.35 }.prefix(settings.cellsPerPicture)
    let clean = order.filter { shares[$0] < 0.02 }.prefix(settings.cellsPerPicture)
    return context.cells(bad.map { ($0, 1) } + clean.map { ($0, 0) })
  }
}

extension SeededGenerator {
  /// The values in a random order.
  fileprivate mutating func shuffled(_ values: [Int]) -> [Int] {
    permutation(values.count).map { values[$0] }
  }
}
