import Imaging
import Kernels

/// Four teachers, and the student that follows their mean logit.
///
/// The teachers know most of the very cells they were taught, so every second cell is mixed with
/// another before the student learns: between cells the teachers say what they are unsure of.
struct SurfaceNetworks: Sendable {
  let student: Perceptron
  /// One more teacher for each fold of the parts, without it; none when nothing is held out.
  let withoutFold: [Perceptron]

  private static let teachers = 4

  /// Trains them all; `cells` are mixed on the way.
  init(
    _ cells: inout SampledCells, _ settings: SurfaceSettings, _ seed: UInt64,
    _ folds: TeachingFolds, _ workers: any Workers,
    _ progress: @escaping @Sendable (TeachingProgress) -> Void
  ) throws {
    let count = Self.teachers + (folds.isUsed ? TeachingFolds.count : 0)
    let counter = ProgressCounter(stage: "training teachers", total: count, report: progress)
    let networks = try workers.map(count) { [cells] index in
      defer { counter.count() }
      return Self.teacher(index, cells, settings, seed)
    }
    withoutFold = Array(networks[Self.teachers...])
    progress(TeachingProgress(stage: "training the student", done: 0, total: 1))
    student = try Self.student(
      of: Array(networks[..<Self.teachers]), &cells, settings, seed, workers)
  }

  /// The teacher `index`; those from `teachers` on leave the cells of a fold out.
  private static func teacher(
    _ index: Int, _ cells: SampledCells, _ settings: SurfaceSettings, _ seed: UInt64
  ) -> Perceptron {
    let fold = index - teachers
    let places = cells.targets.indices.filter { fold < 0 || cells.folds[$0] != UInt8(fold) }
    return PerceptronTraining(
      loss: .crossEntropy, epochs: settings.teacherEpochs, dropout: 0.1, decay: 1e-2,
      seed: seed &* 8 &+ UInt64(index) &+ 1
    ).fit(
      rows: cells.rows, targets: cells.targets.map { $0 * 0.96 + 0.02 },
      inputs: CellContext.count, places: places)
  }

  private static func student(
    of teachers: [Perceptron], _ cells: inout SampledCells, _ settings: SurfaceSettings,
    _ seed: UInt64, _ workers: any Workers
  ) throws -> Perceptron {
    var generator = SeededGenerator(seed: seed &+ 70)
    cells.mix(using: &generator)
    let rows = cells.rows
    let logits = try workers.map(teachers.count) { teachers[$0].logits(rows) }
    let goals = cells.targets.indices.map { i in
      min(max(logits.reduce(0) { $0 + $1[i] } / Float(teachers.count), -6), 6)
    }
    return PerceptronTraining(
      loss: .smoothL1, epochs: settings.studentEpochs, dropout: 0, decay: 1e-3, seed: seed &+ 50
    ).fit(rows: rows, targets: goals, inputs: CellContext.count)
  }
}

/// Scores of taught parts as if they had not been taught.
///
/// The student knows every part. What it would say of a part it does not know is taken from the
/// networks of the folds: the student's score, plus what the network without the part says more than
/// the mean of those with it.
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
    self.networks = (networks.withoutFold + [networks.student]).map { FoldedNetwork($0) }
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
      let image = set.good[good.places[index]]
      return LabelledScore(
        score: score(features[index], heldOutBy: folds.good[good.places[index]]), kind: nil,
        part: image.part, image: image.name)
    }
    let ofDefects = try workers.map(set.defects.count) { index -> LabelledScore? in
      let image = set.defects[index]
      let plane = WorkingImage.shrunk(try image.read().plane, by: shrink)
      guard min(plane.width, plane.height) >= CellFeatures.cellSize else { return nil }
      // Without a mask no network has seen it.
      let fold = image.readMask == nil ? nil : folds.defects[index]
      return LabelledScore(
        score: score(FilterBank().features(of: plane), heldOutBy: fold), kind: image.kind,
        part: image.part, image: image.name)
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
      return LargestLogits(of: logits).mean(logits)
    }
    let student = scores[TeachingFolds.count]
    guard let fold else { return student }
    let sum = scores[..<TeachingFolds.count].reduce(0, +)
    return student + scores[fold] - (sum - scores[fold]) / Double(TeachingFolds.count - 1)
  }
}
