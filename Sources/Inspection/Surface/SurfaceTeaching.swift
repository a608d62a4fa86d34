import Imaging
import Kernels

/// Teaches the surface method from good parts; labelled defects with masks improve the same network.
public enum SurfaceTeaching {
  /// The model for `set`. Same set, same seed: same model, whatever the workers.
  ///
  /// Throws `InspectionError.cannotTeach` without a usable good part, and whatever reading an image
  /// throws.
  public static func teach(
    _ set: TeachingSet, settings: SurfaceSettings = SurfaceSettings(), workers: any Workers,
    progress: @escaping @Sendable (TeachingProgress) -> Void
  ) throws -> SurfaceModel {
    guard !set.good.isEmpty else {
      throw InspectionError.cannotTeach(
        reason: "there is no good part to teach from", mend: "give images with --good")
    }
    let planes = try workers.map(set.good.count) { try set.good[$0].read().plane }
    let sizes = planes.map(\.pixels.count).sorted()
    let shrink = WorkingImage.shrink(pixels: sizes[sizes.count / 2])
    let good = planes.map { WorkingImage.shrunk($0, by: shrink) }
      .filter { min($0.width, $0.height) >= CellFeatures.cellSize }
    guard !good.isEmpty else {
      throw InspectionError.cannotTeach(
        reason: "every good part is smaller than \(CellFeatures.cellSize * shrink) pixels",
        mend: "give larger images")
    }
    progress(TeachingProgress(stage: "measuring good parts", done: 0, total: good.count))
    let features = try workers.map(good.count) { FilterBank().features(of: good[$0]) }
    let judged = JudgedCells(set.regions, shrink: shrink)
    guard features.contains(where: { !judged.indices(columns: $0.columns, rows: $0.rows).isEmpty })
    else {
      throw InspectionError.cannotTeach(
        reason: "the regions leave no cell of \(CellFeatures.cellSize * shrink) pixels to judge",
        mend: "draw larger regions")
    }
    let statistics = BorderStatistics(features, judged)
    let sampler = CellSampler(
      statistics: PaddedStatistics(
        mean: statistics.mean, inverseDeviation: statistics.inverseDeviation),
      settings: settings, judged: judged, seed: set.seed, progress: progress)
    var cells = try sampler.synthetic(good, workers)
    cells.append(contentsOf: try sampler.good(features, workers))
    cells.append(contentsOf: try sampler.labelled(set.defects, shrink: shrink, workers))
    let network = try distil(&cells, settings, set.seed, workers, progress)
    return SurfaceModel(
      shrink: shrink, mean: statistics.mean, inverseDeviation: statistics.inverseDeviation,
      network: network)
  }

  /// Four teachers, then one student that follows their mean logit.
  ///
  /// The teachers know the very cells they were taught, so every second cell is mixed with another
  /// before the student learns: between cells the teachers say what they are unsure of.
  private static func distil(
    _ cells: inout SampledCells, _ settings: SurfaceSettings, _ seed: UInt64,
    _ workers: any Workers, _ progress: @escaping @Sendable (TeachingProgress) -> Void
  ) throws -> Perceptron {
    progress(TeachingProgress(stage: "training four teachers", done: 0, total: 4))
    let teachers = try teachers(cells, settings, seed, workers)
    progress(TeachingProgress(stage: "training the student", done: 0, total: 1))
    var generator = SeededGenerator(seed: seed &+ 70)
    cells.mix(using: &generator)
    let rows = cells.rows
    let logits = try workers.map(4) { teachers[$0].logits(rows) }
    let goals = cells.targets.indices.map { i in
      min(max(logits.reduce(0) { $0 + $1[i] } / 4, -6), 6)
    }
    return PerceptronTraining(
      loss: .smoothL1, epochs: settings.studentEpochs, dropout: 0, decay: 1e-3,
      seed: seed &+ 50
    ).fit(rows: rows, targets: goals, inputs: CellContext.count)
  }

  private static func teachers(
    _ cells: SampledCells, _ settings: SurfaceSettings, _ seed: UInt64, _ workers: any Workers
  ) throws -> [Perceptron] {
    let targets = cells.targets.map { $0 * 0.96 + 0.02 }
    return try workers.map(4) { index in
      PerceptronTraining(
        loss: .crossEntropy, epochs: settings.teacherEpochs, dropout: 0.1, decay: 1e-2,
        seed: seed &* 4 &+ UInt64(index) &+ 1
      ).fit(rows: cells.rows, targets: targets, inputs: CellContext.count)
    }
  }
}

extension Perceptron {
  /// The logit of each row of inputs.
  func logits(_ rows: [Float]) -> [Float] {
    let count = rows.count / inputs
    var out = [Float](repeating: 0, count: count)
    let batch = 1024
    var hidden1 = [Float](repeating: 0, count: batch * Self.hidden1)
    var hidden2 = [Float](repeating: 0, count: batch * Self.hidden2)
    var part = [Float](repeating: 0, count: batch)
    for first in stride(from: 0, to: count, by: batch) {
      let size = min(batch, count - first)
      let slice = Array(rows[first * inputs..<(first + size) * inputs])
      matrixProduct(
        slice, rowStride: inputs, innerStride: 1, weights1, rows: size, inner: inputs,
        columns: Self.hidden1, into: &hidden1)
      addBiasAndRectify(&hidden1, bias: bias1, rows: size, columns: Self.hidden1)
      matrixProduct(
        hidden1, rowStride: Self.hidden1, innerStride: 1, weights2, rows: size,
        inner: Self.hidden1, columns: Self.hidden2, into: &hidden2)
      addBiasAndRectify(&hidden2, bias: bias2, rows: size, columns: Self.hidden2)
      weightedSums(
        hidden2, weights: weights3, bias: bias3[0], rows: size, columns: Self.hidden2, into: &part)
      out.replaceSubrange(first..<first + size, with: part[0..<size])
    }
    return out
  }
}
