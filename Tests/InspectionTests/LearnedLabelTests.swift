import FactoryModel
import Imaging
import Synchronization
import TestSupport
import Testing

@testable import Inspection

@Suite("learned: wrong labels")
struct LearnedLabelTests {
  @Test(arguments: [UInt64(1), 2, 3])
  func `two normal distributions are found again under wrong labels`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let images = (0..<4000).map { index in
      let isDefective = index % 2 == 0
      let normal = (0..<12).reduce(-6.0) { sum, _ in sum + Double(generator.uniform(0, 1)) }
      let value = isDefective ? 4 + 2 * normal : 0.7 * normal - 3
      return (logOdds: value, isDefective: isDefective != (generator.below(20) == 0))
    }
    let found = try #require(ClassNormals(images))
    #expect(abs(found.good.mean + 3) < 0.1 && abs(found.good.deviation - 0.7) < 0.05, "\(seed)")
    #expect(abs(found.defective.mean - 4) < 0.2 && abs(found.defective.deviation - 2) < 0.15)
    #expect(abs(found.wrongLabels - 0.05) < 0.01)
    // Both densities are equal at the root of a quadratic equation between the means.
    let (p, q) = (1 / 0.49 - 1 / 4, -3 / 0.49 - 4 / 4.0)
    let r = 9 / 0.49 - 16 / 4.0 - 2 * MathFunctions.log(2 / 0.7)
    let crossing = (q + (q * q - p * r).squareRoot()) / p
    #expect(abs(found.crossing - crossing) < 0.1, "\(seed): \(found.crossing) and \(crossing)")
  }

  @Test(
    arguments: [
      ("alike on both sides", 40, [-3.0, -2], [2, 3], -0.01...0.01),
      ("good parts lie closer together", 40, [-3, -2.8], [1, 6], -2.8 ... -1),
      ("three of each say little", 3, [-3, -2.8], [1, 6], -1.5 ... -0.1),
      ("it lies in the gap, whatever the widths", 40, [-5, -4.9], [-4.8, 6], -4.9 ... -4.8),
      ("a few wrong labels move nothing", 40, [-3, -2, 2.5], [-2.5, 2, 3], -0.3...0.3),
    ])
  func `the border gets no more wrong than the fewest, beyond chance`(
    _ what: String, _ times: Int, _ good: [Double], _ defective: [Double],
    _ expected: ClosedRange<Double>
  ) throws {
    // What comes third happens once in ten times.
    var images: [(logOdds: Double, isDefective: Bool)] = []
    for time in 0..<times {
      let seen = time % 10 == 0 ? 3 : 2
      for value in good.prefix(seen) { images.append((value, false)) }
      for value in defective.suffix(seen) { images.append((value, true)) }
    }
    let border = try #require(ClassNormals(images)).border
    func wrong(_ border: Double) -> Int {
      images.count { ($0.logOdds >= border) != $0.isDefective }
    }
    let fewest = Double(stride(from: -6.0, to: 7, by: 0.01).map(wrong).min() ?? 0)
    #expect(Double(wrong(border)) <= fewest + fewest.squareRoot(), "\(what): \(border)")
    #expect(expected.contains(border), "\(what): \(border)")
  }

  @Test(arguments: [UInt64(1), 2])
  func `wrong labels of three classes are doubted, others not, and none without outputs`(
    seed: UInt64
  ) {
    var generator = SeededGenerator(seed: seed)
    let truths = (0..<300).map { _ in generator.below(3) }
    let labels = truths.map { generator.below(20) == 0 ? ($0 + 1) % 3 : $0 }
    var outputs = truths.map { truth in
      (0..<3).map { ($0 == truth ? 4 : 0) + generator.uniform(-1, 1) }
    }
    outputs[7] = []
    let doubts = LabelDoubts.shares(outputs, labels)
    for index in outputs.indices {
      let isWrong = labels[index] != truths[index] && index != 7
      #expect((doubts[index] > 0.5) == isWrong, "\(seed), \(index): \(doubts[index])")
    }
    #expect(doubts[7] == 0)
    #expect(LabelDoubts.discounts(outputs, labels) == doubts)
    #expect(LabelDoubts.shares([], []) == [])
    #expect(LabelDoubts.shares([[1, 2]], [0]) == [0])
  }

  @Test(arguments: [(2, false), (5, true)])
  func `labels that are surely wrong count in full as long as they are few`(
    _ wrong: Int, _ areMany: Bool
  ) {
    var generator = SeededGenerator(seed: 4)
    let truths = (0..<300).map { $0 % 2 }
    let labels = truths.indices.map { $0 < wrong ? 1 - truths[$0] : truths[$0] }
    let outputs = truths.map { truth in
      (0..<2).map { ($0 == truth ? 6 : 0) + generator.uniform(-1, 1) }
    }
    let doubts = LabelDoubts.shares(outputs, labels)
    #expect(doubts.prefix(wrong).allSatisfy { $0 > 0.9 })
    let discounts = LabelDoubts.discounts(outputs, labels)
    #expect(discounts == (areMany ? doubts : [Float](repeating: 0, count: 300)))
    #expect((LabelDoubts.mended(outputs, labels) == truths) == areMany)
    let images = truths.indices.map { index in
      TeachingImage(name: "\(index)", part: "\(index)") { Frame(Plane(width: 1, height: 1)) }
    }
    let remark = LabelDoubts.remarks(doubts, images).first
    #expect(remark?.hasPrefix("\(wrong) of 300 taught labels look wrong") == true)
    #expect(remark?.contains("did not count") == areMany)
  }

  /// Eighty images with their labels, and six whose labels are wrong.
  private static let mislabelled: TeachingSet = {
    func wrong(_ kind: String?, shown: String?, _ numbers: Range<Int>) -> [TeachingImage] {
      numbers.map { number in
        TeachingImage(name: "wrong\(number)", part: "wrong\(number)", kind: kind) {
          Frame(LearnedTests.plane(shown, number))
        }
      }
    }
    return TeachingSet(
      good: LearnedTests.images(nil, 0..<40) + wrong(nil, shown: "spot", 300..<303),
      defects: LearnedTests.images("spot", 100..<140) + wrong("spot", shown: nil, 400..<403),
      seed: 1)
  }()

  private static func teach(
    _ set: TeachingSet, progress: @escaping @Sendable (TeachingProgress) -> Void = { _ in }
  ) throws -> LearnedModel {
    try LearnedTeaching.teach(
      set, settings: LearnedTests.settings, workers: OneWorker(), progress: progress)
  }

  @Test
  func `labels that are wrong are named, and mended for a second training`() throws {
    let stages = Mutex<[String]>([])
    let model = try Self.teach(Self.mislabelled) { now in
      stages.withLock { if $0.last != now.stage { $0.append(now.stage) } }
    }
    #expect(stages.withLock { $0.suffix(2) } == ["training", "training again, labels mended"])
    let images = LabelledImages(Self.mislabelled)
    let taught = TrainingSplit(images, seed: 1).taught.map { images.images[$0] }
    let expected = taught.filter { $0.name.hasPrefix("wrong") }
    try #require(expected.count >= 4)
    let remark = try #require(model.remarks.first)
    #expect(remark.hasPrefix("\(expected.count) of \(taught.count) taught labels"), "\(remark)")
    for image in expected {
      #expect(remark.contains("\(image.name) (\(image.kind ?? "good"))"), "\(remark)")
    }
    #expect(try LearnedTests.teach().remarks.isEmpty)
  }

  /// What a teaching leaves that is stopped after it has saved `count` times, and what it saved last.
  private static func stopped(after count: Int) throws -> (model: LearnedModel, ModelArchive?) {
    let saved = Mutex<(count: Int, last: ModelArchive?)>((0, nil))
    var set = mislabelled
    set.save = { archive in
      let archive = archive()
      saved.withLock { $0 = ($0.count + 1, archive) }
    }
    set.isStopped = { saved.withLock { $0.count >= count } }
    return (try teach(set), saved.withLock { $0.last })
  }

  @Test
  func `an interrupted second training leaves the first, and goes on to the same end`() throws {
    let epochs = LearnedTests.settings.epochs
    let whole = try Self.teach(Self.mislabelled).archive().encoded()
    let early = try Self.stopped(after: epochs + 1)
    let late = try Self.stopped(after: epochs + 3)
    #expect(early.model.archive().encoded() == late.model.archive().encoded())
    #expect(early.model.archive().encoded() != whole)
    var set = Self.mislabelled
    set.saved = try ModelArchive(decoding: try #require(late.1).encoded())
    #expect(try Self.teach(set).archive().encoded() == whole)
  }

  @Test(arguments: [UInt64(1), 2])
  func `labels are mended where more than a few are wrong`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let truths = (0..<400).map { _ in generator.below(3) }
    let outputs = truths.map { truth in
      (0..<3).map { ($0 == truth ? 4 : 0) + generator.uniform(-1, 1) }
    }
    func labels(wrong: Int) -> [Int] {
      truths.enumerated().map { $0.offset < wrong ? ($0.element + 1) % 3 : $0.element }
    }
    #expect(LabelDoubts.mended(outputs, labels(wrong: 20)) == truths, "\(seed)")
    #expect(LabelDoubts.mended(outputs, labels(wrong: 4)) == nil, "\(seed)")
    #expect(LabelDoubts.mended(outputs, truths) == nil, "\(seed)")
    #expect(LabelDoubts.mended([], []) == nil)
    // 20 of 400 are 5 %: they explain up to 15 % of held-out images wrong.
    func explain(_ heldOutWrong: Double) -> Bool {
      LabelDoubts.explain(heldOutWrong: heldOutWrong, truths, of: labels(wrong: 20))
    }
    #expect(explain(0.1), "\(seed)")
    #expect(!explain(0.2), "the network is wrong, \(seed)")
  }

  @Test
  func `no border without two classes, or when the network has them the wrong way round`() {
    #expect(ClassNormals([]) == nil)
    #expect(ClassNormals([(logOdds: 1, isDefective: true)]) == nil)
    #expect(
      ClassNormals([(logOdds: 1, isDefective: false), (logOdds: -1, isDefective: true)]) == nil)
  }
}
