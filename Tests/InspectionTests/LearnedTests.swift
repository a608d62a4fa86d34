import FactoryModel
import Imaging
import Synchronization
import TestSupport
import Testing

@testable import Inspection

/// All work one after the other, the last piece first.
private struct LastFirst: Workers {
  func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    try (0..<count).reversed().map(body).reversed()
  }
}

@Suite("learned")
struct LearnedTests {
  /// A noisy plane; `stripes` runs across, `spot` is a dark disc somewhere, `good` is bare.
  static func plane(_ kind: String?, _ seed: Int) -> Plane {
    var generator = SeededGenerator(seed: UInt64(1000 + seed))
    var plane = Plane(width: 40, height: 36)
    let (cx, cy) = (8 + generator.below(24), 8 + generator.below(20))
    for y in 0..<36 {
      for x in 0..<40 {
        var level = 120 + generator.uniform(-12, 12)
        if kind == "stripes" && (x + seed) / 3 % 2 == 0 { level -= 40 }
        if kind == "bars" && (y + seed) / 9 % 2 == 0 { level -= 40 }
        if kind == "spot" && (x - cx) * (x - cx) + (y - cy) * (y - cy) < 20 { level -= 60 }
        plane[x, y] = UInt8(level)
      }
    }
    return plane
  }

  static func images(_ kind: String?, _ numbers: Range<Int>) -> [TeachingImage] {
    numbers.map { number in
      TeachingImage(
        name: "\(kind ?? "good")\(number)", part: "\(kind ?? "good")\(number)", kind: kind
      ) { Frame(plane(kind, number)) }
    }
  }

  static let settings: LearnedSettings = {
    var settings = LearnedSettings()
    (settings.side, settings.epochs, settings.imagesShown) = (32, 10, 0)
    return settings
  }()

  static func teach(
    good: Range<Int> = 0..<32, seed: UInt64 = 1, workers: any Workers = OneWorker(),
    stop: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (TeachingProgress) -> Void = { _ in }
  ) throws -> LearnedModel {
    var set = TeachingSet(
      good: images(nil, good),
      defects: images("spot", 100..<132) + images("stripes", 200..<232), seed: seed)
    set.isStopped = stop
    return try LearnedTeaching.teach(set, settings: settings, workers: workers, progress: progress)
  }

  @Test
  func `three classes are told apart, on unseen images and after reading the model back`() throws {
    let model = try Self.teach()
    let read = try LearnedModel(archive: ModelArchive(decoding: model.archive().encoded()))
    #expect(read.archive().encoded() == model.archive().encoded())
    #expect(model.classes == ["good", "spot", "stripes"])
    var one = model.makeInspector()
    var other = read.makeInspector()
    for (kind, start) in [(nil, 500), ("spot", 600), ("stripes", 700)] as [(String?, Int)] {
      for number in start..<start + 8 {
        let frame = Frame(Self.plane(kind, number))
        let request = InspectionRequest(minimumScore: 0.5, wantsMap: true)
        let finding = try one.inspect(frame, request)
        #expect(finding.kind == kind ?? "good", "\(number): \(finding.probability ?? 0)")
        #expect(finding.defects.first?.kind == kind)
        #expect((finding.score >= 0.5) == (kind != nil))
        #expect((0...1).contains(finding.score))
        #expect((finding.probability ?? 0) > 0.34)
        #expect(finding.map?.values.allSatisfy { (0...1).contains($0) } == true)
        let again = try other.inspect(frame, request)
        #expect(again.score == finding.score && again.probability == finding.probability)
      }
    }
  }

  @Test
  func `the same seed gives the same bytes whatever the workers, another seed gives others`() throws
  {
    let bytes = try Self.teach().archive().encoded()
    #expect(bytes == (try Self.teach(workers: LastFirst()).archive().encoded()))
    #expect(bytes != (try Self.teach(seed: 2).archive().encoded()))
  }

  @Test
  func `an interrupted training goes on to the very same model`() throws {
    let whole = try Self.teach()
    var set = TeachingSet(
      good: Self.images(nil, 0..<32),
      defects: Self.images("spot", 100..<132) + Self.images("stripes", 200..<232), seed: 1)
    let saved = Mutex<(count: Int, last: ModelArchive?)>((0, nil))
    set.save = { archive in
      let archive = archive()
      saved.withLock { $0 = ($0.count + 1, archive) }
    }
    set.isStopped = { saved.withLock { $0.count == 4 } }
    let part = try LearnedTeaching.teach(set, settings: Self.settings, workers: OneWorker()) { _ in
    }
    #expect(part.archive().encoded() != whole.archive().encoded())
    let last = try #require(saved.withLock { $0.last })
    set.saved = try ModelArchive(decoding: last.encoded())
    set.isStopped = { false }
    let rest = try LearnedTeaching.teach(set, settings: Self.settings, workers: OneWorker()) { _ in
    }
    #expect(rest.archive().encoded() == whole.archive().encoded())
    set.seed = 9
    #expect(throws: InspectionError.self) {
      try LearnedTeaching.teach(set, settings: Self.settings, workers: OneWorker()) { _ in }
    }
  }

  @Test
  func `an update starts from the earlier network, and may know another class`() throws {
    let earlier = try Self.teach()
    var set = TeachingSet(
      good: Self.images(nil, 300..<332),
      defects: Self.images("spot", 400..<432) + Self.images("bars", 500..<532), seed: 3)
    set.earlier = earlier
    let model = try LearnedTeaching.teach(set, settings: Self.settings, workers: OneWorker()) { _ in
    }
    #expect(model.classes == ["good", "bars", "spot"])
    var inspector = model.makeInspector()
    let right = try (0..<16).count { number in
      let kind = number % 2 == 0 ? "spot" : nil
      let frame = Frame(Self.plane(kind, 700 + number))
      let found = try inspector.inspect(frame, InspectionRequest(minimumScore: 0.5)).kind
      return found == kind ?? "good"
    }
    #expect(right >= 15, "\(right) of 16 after 4 passes")
  }

  @Test(arguments: [PartSymmetry.none, .upright, .all])
  func `an unsure image has the mean of what is said of its turns, a sure one its own`(
    _ symmetry: PartSymmetry
  ) {
    var generator = SeededGenerator(seed: 4)
    var settings = LearnedSettings()
    settings.side = 16
    var network = ConvolutionalNetwork(settings.shape(classes: 3), using: &generator)
    // Gains of 2.5 keep the size of what passes through; 1 would leave next to nothing of it.
    for index in network.means.indices {
      let gains = network.shape.firstParameters(index) + 1
      network.parameters[gains] = network.parameters[gains].map { _ in 2.5 }
    }
    let levels = (0..<256).map { _ in UInt8(generator.below(256)) }
    let expected = symmetry.turns.map { quarters, isMirrored in
      var turn = Turn(side: 16)
      (turn.quarters, turn.isMirrored) = (quarters, isMirrored)
      var plain = FoldedConvolutions(network)
      return plain.outputs(of: NetworkInput.values(turn.turned(levels)))
    }
    var sure = network
    sure.raiseOutput(1, by: 50)
    var steady = TurnedOutputs(FoldedConvolutions(network), side: 16, symmetry)
    let outputs = steady.outputs(of: levels)
    for k in 0..<3 {
      let mean = expected.reduce(0) { $0 + $1[k] } / Float(expected.count)
      #expect(abs(outputs[k] - mean) < 1e-4, "\(symmetry), output \(k)")
    }
    #expect(symmetry == .none || outputs != expected[0])
    var plain = FoldedConvolutions(sure)
    steady = TurnedOutputs(plain, side: 16, symmetry)
    #expect(steady.outputs(of: levels) == plain.outputs(of: NetworkInput.values(levels)))
  }

  @Test
  func `what lies outside the regions changes nothing`() throws {
    let model = try Self.teach(stop: { true })
    var inspector = model.makeInspector()
    let regions = RegionMask(
      width: 40, height: 36, flags: (0..<40 * 36).map { $0 % 40 < 20 ? 1 : 0 })
    let request = InspectionRequest(minimumScore: 1, regions: regions)
    let plane = Self.plane("spot", 3)
    var other = plane
    for y in 0..<36 { for x in 24..<40 { other[x, y] = UInt8((x * y) % 256) } }
    let score = try inspector.inspect(Frame(plane), request).score
    #expect(try inspector.inspect(Frame(other), request).score == score)
    let everywhere = InspectionRequest(minimumScore: 1)
    #expect(try inspector.inspect(Frame(other), everywhere).score != score)
  }

  @Test
  func `without a class good every image is a reject of its class`() throws {
    let model = try Self.teach(good: 0..<0)
    #expect(model.classes == ["spot", "stripes"])
    var inspector = model.makeInspector()
    let finding = try inspector.inspect(
      Frame(Self.plane("stripes", 700)), InspectionRequest(minimumScore: 0.5))
    #expect(finding.score == 1 && finding.score >= 0.5)
    #expect(finding.kind == "stripes" && finding.defects.first?.kind == "stripes")
  }

  @Test
  func `stopped at once, teaching still gives a model; one class is refused`() throws {
    let model = try Self.teach(stop: { true })
    #expect(model.heldOutScores.count > 10)
    #expect(throws: InspectionError.self) {
      try LearnedTeaching.teach(
        TeachingSet(good: Self.images(nil, 0..<12)), settings: Self.settings, workers: OneWorker()
      ) { _ in }
    }
  }

  @Test
  func `images of one part are either taught or held out`() {
    var images = Self.images(nil, 0..<60) + Self.images("spot", 0..<60)
    for index in images.indices { images[index].part = "\(index % 60 / 4)" }
    let set = TeachingSet(
      good: Array(images[..<60]), defects: Array(images[60...]))
    let split = TrainingSplit(LabelledImages(set), seed: 3)
    let taught = Set(split.taught.map { images[$0].part })
    let judged = Set(split.judged.map { images[$0].part })
    #expect(taught.isDisjoint(with: judged) && !judged.isEmpty)
    #expect(split.taught.count + split.judged.count == 120)
  }

  @Test
  func `the latest epoch is kept unless an earlier one was better beyond chance`() {
    let shape = NetworkShape(
      width: 4, height: 4, channels: 1,
      convolutions: [NetworkShape.Convolution(channels: 16, stride: 1)], outputs: 2)
    var generator = SeededGenerator(seed: 1)
    let network = ConvolutionalNetwork(shape, using: &generator)
    let classes = (0..<100).map { $0 % 2 }
    /// An epoch that gets the images `wrong` wrong.
    func epoch(_ number: Int, wrong: Range<Int>) -> LearnedRun.Best {
      let outputs: [[Float]] = classes.enumerated().map { index, kind in
        (kind == 0) == wrong.contains(index) ? [0, 4] : [4, 0]
      }
      return LearnedRun.Best(
        network, Calibration(outputs: outputs, classes: classes, hasGood: true), epoch: number)
    }
    var best = epoch(1, wrong: 0..<20)
    for (number, wrong, expected) in [
      (2, 0..<6, 2), (3, 3..<10, 3), (4, 0..<30, 3), (5, 0..<15, 3), (6, 0..<6, 6),
    ] {
      best.follow(epoch(number, wrong: wrong))
      #expect(best.epoch == expected, "after epoch \(number)")
    }
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func `a network that only guesses is told, one that knows more is not`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func scores(_ lead: Double, _ good: Int, _ defective: Int) -> [LabelledScore] {
      (0..<good + defective).map { index in
        LabelledScore(
          score: Double(generator.uniform(0, 1)) + (index < good ? 0 : lead),
          kind: index < good ? nil : "pit", part: "\(index)")
      }
    }
    #expect(GuessWarning.text(scores(-0.2, 12, 12)) != nil, "seed \(seed)")
    #expect(GuessWarning.text(scores(0.9, 12, 12)) == nil, "seed \(seed)")
    #expect(GuessWarning.text(scores(1, 90, 1)) == nil, "one defect, ranked rightly")
    #expect(GuessWarning.text(scores(0, 12, 0)) == nil && GuessWarning.text([]) == nil)
  }

  @Test
  func `after the offset, half a probability is the border`() {
    let outputs: [[Float]] = (0..<60).map { $0 % 2 == 0 ? [4 + Float($0 % 5) / 10, 1] : [2, 3] }
    let classes = (0..<60).map { $0 % 2 }
    let calibration = Calibration(outputs: outputs, classes: classes, hasGood: true)
    #expect(calibration.accuracy == 1 && calibration.goodOffset < 0)
    for (raw, moved) in zip(outputs, calibration.outputs) {
      #expect(moved == [raw[0] + calibration.goodOffset, raw[1]])
    }
    let none = Calibration(outputs: outputs, classes: classes, hasGood: false)
    #expect(none.goodOffset == 0 && none.outputs == outputs)
  }

  @Test(
    arguments: [
      ("round parts may be turned", ["dot", "plain"], PartSymmetry.all),
      ("across and along are classes", ["across", "along"], .upright),
      ("left and right are classes", ["left", "right"], .none),
    ])
  func symmetry(_ what: String, _ classes: [String], _ expected: PartSymmetry) {
    var generator = SeededGenerator(seed: 5)
    var images: [[UInt8]] = []
    let kinds = (0..<80).map { $0 % 2 }
    for kind in kinds {
      let (cx, cy) = (6 + generator.below(20), 6 + generator.below(20))
      let phase = generator.below(4)
      images.append(
        (0..<32 * 32).map { at in
          let (x, y) = (at % 32, at / 32)
          let isMarked =
            switch classes[kind] {
            case "dot": abs(x - cx) + abs(y - cy) < 5
            case "across": (y + phase) / 2 % 2 == 0
            case "along": (x + phase) / 2 % 2 == 0
            case "left": abs(x - 8) + abs(y - cy) < 5
            case "right": abs(x - 24) + abs(y - cy) < 5
            default: false
            }
          return UInt8(120 + generator.below(12) - (isMarked ? 40 : 0))
        })
    }
    let search = SymmetrySearch(
      images, side: 32, kinds: kinds, parts: kinds.indices.map { "\($0)" }, workers: OneWorker())
    #expect(search.symmetry() == expected, "\(what)")
  }

  @Test(arguments: [0, 1, 2])
  func `slopes of the loss agree with finite differences`(kind: Int) {
    let examples = LearnedExamples(
      side: 16, symmetry: .all, images: [], classes: [0, 0, 1, 2], count: 3)
    let outputs: [Float] = [0.4, -0.7, 1.1]
    var slopes: [Float] = [0, 0, 0]
    var unused = slopes
    _ = examples.loss(outputs, [Float(kind), 0.25], slopes: &slopes)
    for k in 0..<3 {
      var (above, below) = (outputs, outputs)
      above[k] += 0.01
      below[k] -= 0.01
      let rise =
        examples.loss(above, [Float(kind), 0.25], slopes: &unused)
        - examples.loss(below, [Float(kind), 0.25], slopes: &unused)
      #expect(abs(rise / 0.02 - slopes[k]) < 1e-3, "\(rise / 0.02) and \(slopes[k])")
    }
  }

  @Test
  func `the temperature makes overconfident outputs honest`() {
    // One in four is wrong at a stated 98.2 %: log 3 / 4 of the outputs is what was seen.
    let outputs = (0..<400).map { [Float($0 % 4 == 0 ? -2 : 2), Float($0 % 4 == 0 ? 2 : -2)] }
    let calibration = Calibration(
      outputs: outputs, classes: [Int](repeating: 0, count: 400), hasGood: true)
    #expect(abs(calibration.temperature - 4 / 1.0986) < 0.15)
    #expect(calibration.accuracy == 0.75)
  }
}
