import FactoryModel
import Foundation
import Imaging
import Testing

@testable import Inspection

@Suite struct CandidateNetworkTests {
  private static let width = 300
  private static let height = 280

  /// Specks of 3 × 3 pixels at random.
  private static func specks(_ seed: UInt64) -> Plane {
    var random = SeededGenerator(seed: seed)
    var plane = Plane(width: width, height: height)
    for y in stride(from: 0, to: height, by: 3) {
      for x in stride(from: 0, to: width, by: 3) {
        let level: UInt8 = random.below(2) == 0 ? 0 : 255
        for v in y..<min(y + 3, height) {
          for u in x..<min(x + 3, width) { plane[u, v] = level }
        }
      }
    }
    return plane
  }

  private static func pair(_ test: Plane, _ template: Plane) -> PairCandidates {
    PairCandidates(
      test: BitPlane(test, threshold: 127), template: BitPlane(template, threshold: 127), limit: 8)
  }

  private static func candidate(x: Int, y: Int, width: Int, height: Int) -> PairCandidate {
    var c = PairCandidate(
      x0: x, y0: y, x1: x + width, y1: y + height, area: 9, seeds: 9, isExtra: true,
      isMerged: false)
    (c.dx, c.dy) = (2, -3)
    return c
  }

  /// The four values of a place, by definition.
  private static func place(
    _ column: Int, _ row: Int, _ c: PairCandidate, _ test: Plane, _ template: Plane,
    _ alignment: PairAlignment
  ) -> [Float] {
    let (w, h) = (c.x1 - c.x0, c.y1 - c.y0)
    let size = max(w, h) <= 40 ? 1 : max(w, h) <= 80 ? 2 : 4
    func share(_ plane: Plane, _ dx: Int, _ dy: Int) -> Float {
      var dark = 0
      for v in 0..<size {
        for u in 0..<size {
          let x = (c.x0 + c.x1) / 2 + (column - 24) * size + u + dx
          let y = (c.y0 + c.y1) / 2 + (row - 24) * size + v + dy
          dark += plane[min(max(x, 0), width - 1), min(max(y, 0), height - 1)] <= 127 ? 1 : 0
        }
      }
      return Float(dark) / Float(size * size)
    }
    let seen = share(test, 0, 0)
    let wanted = share(template, c.dx, c.dy)
    let across = abs(Double(column) + 0.5 - 24) * Double(size)
    let down = abs(Double(row) + 0.5 - 24) * Double(size)
    let isWithin = across <= Double(w) / 2 + 1.5 && down <= Double(h) / 2 + 1.5
    return [
      seen - 0.5, wanted - 0.5, share(template, alignment.dx, alignment.dy) - 0.5,
      isWithin ? seen - wanted : 0,
    ]
  }

  @Test(arguments: [(40, 12), (9, 80), (101, 60)])
  func `a picture shows dark shares round the candidate`(_ width: Int, _ height: Int) {
    let (test, template) = (Self.specks(1), Self.specks(2))
    let pair = Self.pair(test, template)
    for (x, y) in [(120, 100), (0, 3), (260, 270)] {
      let c = Self.candidate(x: x, y: y, width: width, height: height)
      let values = CandidatePicture(c, in: pair).values
      #expect(values.count == 48 * 48 * 4)
      for row in 0..<48 {
        for column in 0..<48 {
          let first = 4 * (row * 48 + column)
          let wanted = Self.place(column, row, c, test, template, pair.alignment)
          for k in 0..<4 where abs(values[first + k] - wanted[k]) > 1e-6 {
            Issue.record("at \(column), \(row), value \(k): \(values[first + k]), not \(wanted[k])")
          }
        }
      }
    }
  }

  @Test
  func `a turned picture is the picture of the turned board`() {
    let (test, template) = (Self.specks(3), Self.specks(4))
    func mirrored(_ plane: Plane) -> Plane {
      var out = plane
      for y in 0..<Self.height {
        for x in 0..<Self.width { out[Self.width - 1 - x, y] = plane[x, y] }
      }
      return out
    }
    let upright = Self.pair(test, template)
    let other = Self.pair(mirrored(test), mirrored(template))
    #expect(upright.alignment.dy == other.alignment.dy)
    for (width, height) in [(20, 12), (60, 30), (100, 10)] {
      var c = Self.candidate(x: 110, y: 90, width: width, height: height)
      let picture = CandidatePicture(c, in: upright)
      (c.x0, c.x1) = (Self.width - c.x1, Self.width - c.x0)
      c.dx = -c.dx
      var turn = Turn(side: CandidatePicture.side)
      turn.isMirrored = true
      let turned = picture.turned(turn).values
      let wanted = CandidatePicture(c, in: other).values
      // The template under the shift of the image: equal only where that is mirrored too.
      let channels = upright.alignment.dx == -other.alignment.dx ? [0, 1, 2, 3] : [0, 1, 3]
      for channel in channels {
        let places = stride(from: channel, to: turned.count, by: 4)
        #expect(places.allSatisfy { turned[$0] == wanted[$0] }, "\(width), channel \(channel)")
      }
    }
  }

  /// Where spot `number` of a board lies, small ones and large ones in turn.
  private static func spot(_ number: Int) -> (left: Int, top: Int, size: Int) {
    (20 + 45 * (number % 6), 20 + 45 * (number / 6 % 4), number % 2 == 0 ? 5 : 11)
  }

  /// Bright spots of two sizes on a dark board, at most 24, and the board without.
  private static func spots(_ count: Int = 24, from first: Int = 0) -> (
    test: Plane, template: Plane
  ) {
    var plane = Plane(width: 300, height: 200)
    for number in first..<first + count {
      let (left, top, size) = spot(number)
      for y in top..<top + size {
        for x in left..<left + size { plane[x, y] = 255 }
      }
    }
    return (plane, Plane(width: 300, height: 200))
  }

  @Test
  func `probabilities are the geometric means of what trees and network say`() throws {
    let (test, template) = Self.spots()
    let pair = PairCandidates(
      test: BitPlane(test, threshold: 127), template: BitPlane(template, threshold: 127),
      limit: 48)
    #expect(pair.list.count == 24)
    let boxes = pair.list.map { c in
      LabelledBox(
        x1: c.x0 - 10, y1: c.y0 - 10, x2: c.x1 + 10, y2: c.y1 + 10,
        kind: c.x1 - c.x0 > 8 ? "large" : "small")
    }
    let example = PairExample(
      candidates: pair.list, features: pair.list.indices.map { PairFeatures.of($0, in: pair) },
      pictures: pair.list.map { CandidatePicture($0, in: pair) }, boxes: boxes,
      kinds: boxes.map { $0.kind == "large" ? 1 : 2 }, width: 300, height: 200)
    let (trees, truths) = try TreeClassifier.teach(
      [example], classCount: 3, settings: PairsSettings(rounds: 3), seed: 1, workers: OneWorker()
    ) { _ in }
    #expect(truths.map(\.label) == example.kinds)
    var network = try CandidateNetwork.teach(
      CandidateExamples(pictures: example.pictures, truths: truths), classCount: 3, seed: 1,
      workers: OneWorker()
    ) { _, _ in }
    var both = CandidateClassifier(trees: trees, network: network, share: 0.3)
    var alone = CandidateClassifier(trees: trees, network: nil, share: 0)
    for (index, picture) in example.pictures.enumerated() {
      let seen = network.probabilities(picture)
      #expect(seen.indices.max { seen[$0] < seen[$1] } == example.kinds[index])
      let byTrees = alone.judge(index, in: pair)
      let judged = both.judge(index, in: pair)
      #expect(judged.margins == byTrees.margins && judged.fit == byTrees.fit)
      let products = zip(byTrees.probabilities, seen).map {
        pow(Double($0), 0.7) * pow(Double($1), 0.3)
      }
      let sum = products.reduce(0, +)
      for k in 0..<3 {
        #expect(abs(Double(judged.probabilities[k]) - products[k] / sum) < 1e-6)
      }
    }
    for classifier in [both, alone] {
      var archive = ModelArchive(method: "pairs")
      classifier.store(in: &archive)
      var first = classifier
      var again = try CandidateClassifier(
        ModelArchive(decoding: archive.encoded()), classCount: 3)
      for index in pair.list.indices {
        let same = again.judge(index, in: pair).probabilities
        #expect(first.judge(index, in: pair).probabilities == same)
      }
    }
  }

  private static func opinion(_ label: Int, trees: [Float], network: [Float])
    -> CandidateOpinion
  {
    CandidateOpinion(
      judgement: CandidateJudgement(probabilities: trees, margins: .zero, fit: 1),
      seen: network, truth: CandidateTruth(label: label))
  }

  @Test
  func `the network counts as far as it helps on candidates it has not seen`() {
    let unsure: [Float] = [0.4, 0.6]
    let sure: [Float] = [0.01, 0.99]
    let wrong: [Float] = [0.999, 0.001]
    // Surely wrong once in three: no share of it helps trees that are right each time.
    #expect(
      NetworkShare.best(
        [
          Self.opinion(1, trees: sure, network: sure), Self.opinion(1, trees: sure, network: wrong),
          Self.opinion(0, trees: [0.99, 0.01], network: [0.9, 0.1]),
        ]) == 0)
    // Always right and surer than the trees: they are not needed.
    #expect(
      NetworkShare.best((0..<4).map { _ in Self.opinion(1, trees: unsure, network: sure) }) == 1)
    // Each is surely wrong where the other is right: half and half.
    #expect(
      NetworkShare.best(
        [
          Self.opinion(1, trees: wrong, network: sure),
          Self.opinion(1, trees: sure, network: wrong),
          Self.opinion(1, trees: sure, network: sure),
        ]) == 0.5)
    #expect(NetworkShare.best([]) == 0)
  }

  @Test
  func `teaching joins a network to the trees where it helps and candidates are enough`() throws {
    let images = (0..<6).map { number in
      let (test, template) = Self.spots(4, from: number)
      let boxes = (number..<number + 4).map { number in
        let (left, top, size) = Self.spot(number)
        return LabelledBox(
          x1: left - 10, y1: top - 10, x2: left + size + 10, y2: top + size + 10,
          kind: size > 8 ? "large" : "small")
      }
      return TeachingImage(name: "\(number)", part: "\(number)", boxes: boxes) {
        Frame(test, reference: template)
      }
    }
    // One round leaves the trees unsure.
    var settings = PairsSettings(rounds: 1, sets: 1)
    func teach() throws -> PairsModel {
      try PairsTeaching.teach(
        TeachingSet(good: [], defects: images, seed: 1), settings: settings, workers: OneWorker()
      ) { _ in }
    }
    let request = InspectionRequest(minimumScore: 0)
    let (test, template) = Self.spots(6, from: 12)
    let frame = Frame(test, reference: template)
    #expect(!(try teach().archive().has("network share")))
    settings.networkFrom = 16
    let model = try teach()
    let archive = try ModelArchive(decoding: model.archive().encoded())
    #expect(try archive.get("network share", as: Double.self)[0] > 0)
    var again = try PairsModel(archive: archive).makeInspector()
    var inspector = model.makeInspector()
    let found = try inspector.inspect(frame, request).defects
    #expect(found.map(\.kind).sorted() == ["large", "large", "large", "small", "small", "small"])
    #expect(found == (try again.inspect(frame, request).defects))
  }
}
