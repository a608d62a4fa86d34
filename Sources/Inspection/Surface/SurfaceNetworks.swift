import Imaging
import Kernels

/// Four teachers, each without a fold of the parts, and the student that follows their mean logit.
///
/// The teachers know most of the very cells they were taught, so every second cell is mixed with
/// another before the student learns: between cells the teachers say what they are unsure of.
struct SurfaceNetworks: Sendable {
  let teachers: [Perceptron]
  let student: Perceptron

  /// Trains all five; `cells` are mixed on the way.
  init(
    _ cells: inout SampledCells, _ settings: SurfaceSettings, _ seed: UInt64,
    _ folds: TeachingFolds, _ workers: any Workers,
    _ progress: @escaping @Sendable (TeachingProgress) -> Void
  ) throws {
    progress(TeachingProgress(stage: "training four teachers", done: 0, total: 4))
    let teachers = try Self.teachers(cells, settings, seed, folds, workers)
    progress(TeachingProgress(stage: "training the student", done: 0, total: 1))
    var generator = SeededGenerator(seed: seed &+ 70)
    cells.mix(using: &generator)
    let rows = cells.rows
    let logits = try workers.map(teachers.count) { teachers[$0].logits(rows) }
    let goals = cells.targets.indices.map { i in
      min(max(logits.reduce(0) { $0 + $1[i] } / Float(teachers.count), -6), 6)
    }
    student = PerceptronTraining(
      loss: .smoothL1, epochs: settings.studentEpochs, dropout: 0, decay: 1e-3,
      seed: seed &+ 50
    ).fit(rows: rows, targets: goals, inputs: CellContext.count)
    self.teachers = teachers
  }

  private static func teachers(
    _ cells: SampledCells, _ settings: SurfaceSettings, _ seed: UInt64, _ folds: TeachingFolds,
    _ workers: any Workers
  ) throws -> [Perceptron] {
    let targets = cells.targets.map { $0 * 0.96 + 0.02 }
    return try workers.map(TeachingFolds.count) { index in
      let places = targets.indices.filter { !folds.isUsed || cells.folds[$0] != UInt8(index) }
      return PerceptronTraining(
        loss: .crossEntropy, epochs: settings.teacherEpochs, dropout: 0.1, decay: 1e-2,
        seed: seed &* 4 &+ UInt64(index) &+ 1
      ).fit(rows: cells.rows, targets: targets, inputs: CellContext.count, places: places)
    }
  }
}

/// Scores of taught parts as if they had not been taught.
///
/// The student knows every part. What it would say of a part it does not know is taken from the
/// teachers: the student's score, plus what the teacher without the part says more than the mean of
/// those with it.
struct HeldOutJudge: Sendable {
  private let networks: [FoldedNetwork]
  private let statistics: PaddedStatistics
  private let judged: JudgedCells
  private let shrink: Int
  private let folds: TeachingFolds

  init(
    _ networks: SurfaceNetworks, statistics: PaddedStatistics, judged: JudgedCells, shrink: Int,
    folds: TeachingFolds
  ) {
    self.networks = (networks.teachers + [networks.student]).map { FoldedNetwork($0) }
    self.statistics = statistics
    self.judged = judged
    self.shrink = shrink
    self.folds = folds
  }

  /// Scores of all good and labelled images; none when the teachers held nothing out.
  func scores(
    _ set: TeachingSet, _ good: GoodParts, _ features: [CellFeatures], _ workers: any Workers
  ) throws -> [LabelledScore] {
    guard folds.isUsed else { return [] }
    let ofGood = try workers.map(good.places.count) { index in
      let place = good.places[index]
      return LabelledScore(
        score: score(features[index], heldOutBy: folds.good[place]), kind: nil,
        part: set.good[place].part)
    }
    let ofDefects = try workers.map(set.defects.count) { index -> LabelledScore? in
      let image = set.defects[index]
      let plane = WorkingImage.shrunk(try image.read().plane, by: shrink)
      guard min(plane.width, plane.height) >= CellFeatures.cellSize else { return nil }
      // Without a mask no network has seen it.
      let fold = image.readMask == nil ? nil : folds.defects[index]
      return LabelledScore(
        score: score(FilterBank().features(of: plane), heldOutBy: fold), kind: image.kind,
        part: image.part)
    }
    return ofGood + ofDefects.compactMap(\.self)
  }

  private func score(_ features: CellFeatures, heldOutBy fold: Int?) -> Double {
    var cells = features
    CellContext.standardise(&cells, with: statistics)
    var around = CellSurroundings(columns: cells.columns, height: cells.rows, rows: 0..<cells.rows)
    around.fill(from: cells)
    var scratch = FoldedNetwork.Scratch()
    let scores = networks.map { network in
      var logits = network.logits(cells, around, network.columnBiases(cells), &scratch)
      judged.leaveOut(&logits, columns: cells.columns)
      return SurfaceDefects.meanOfLargest(logits)
    }
    let student = scores[TeachingFolds.count]
    guard let fold else { return student }
    let sum = scores[..<TeachingFolds.count].reduce(0, +)
    return student + scores[fold] - (sum - scores[fold]) / Double(TeachingFolds.count - 1)
  }
}
