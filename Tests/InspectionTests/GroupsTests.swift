import Imaging
import Inspection
import TestSupport
import Testing

/// A smooth random picture; `gain` and `offset` relight it.
private func picture(_ seed: UInt64, gain: Float = 1, offset: Float = 0) -> Plane {
  var random = SeededGenerator(seed: seed)
  let coarse = (0..<64).map { _ in random.uniform(60, 190) }
  var plane = Plane(width: 100, height: 70)
  for y in 0..<70 {
    for x in 0..<100 {
      let level = coarse[(y * 8 / 70) * 8 + x * 8 / 100] * gain + offset
      plane[x, y] = UInt8(min(max(level, 0), 255))
    }
  }
  return plane
}

/// Correlation of the thumbnails less the mean of all their unit vectors, by definition.
private func correlations(_ planes: [Plane]) -> [[Double]] {
  func unit(_ values: [Double]) -> [Double] {
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / norm }
  }
  let vectors = planes.map { plane in
    let bytes = Thumbnails.bytes(of: plane).map(Double.init)
    let mean = bytes.reduce(0, +) / 576
    return unit(bytes.map { $0 - mean })
  }
  let design = (0..<576).map { i in
    vectors.reduce(0) { $0 + $1[i] } / Double(planes.count)
  }
  let own = vectors.map { unit(zip($0, design).map { $0 - $1 }) }
  return own.map { a in own.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
}

@Test("siblings are those whose own pattern correlates, by definition")
func groupsPairsByDefinition() throws {
  // Parts of one design: a strong pattern common to all, and a faint one of each part.
  let design = picture(99)
  let planes = (0..<24).map { index in
    let own = picture(UInt64(index % 15), gain: 0.2 + 0.1 * Float(index / 15))
    let noise = picture(UInt64(100 + index), gain: 0.02)
    var plane = design
    for i in plane.pixels.indices {
      let level = Int(design.pixels[i]) / 2 + Int(own.pixels[i]) + Int(noise.pixels[i])
      plane.pixels[i] = UInt8(min(level, 255))
    }
    return plane
  }
  let expected = correlations(planes)
  let pairs = try Thumbnails(of: planes).siblings()
  #expect(pairs.map { [$0.first, $0.second] } == (0..<9).map { [$0, $0 + 15] })
  for first in planes.indices {
    for second in first + 1..<planes.count {
      let pair = pairs.first { $0.first == first && $0.second == second }
      let wanted = expected[first][second]
      #expect((pair != nil) == (wanted > 0.95), "\(first), \(second): \(wanted)")
      if let pair { #expect(abs(Double(pair.correlation) - wanted) < 1e-4) }
    }
  }
}

@Test("copies of one picture are siblings though nothing is left of them without the mean")
func groupsCopies() throws {
  let copies = Thumbnails(of: (0..<20).map { _ in picture(3) })
  #expect(try copies.siblings().count == 190)
}

@Test("a relit part is a sibling, another part and a blank image are not")
func groupsRelit() throws {
  let planes = [
    picture(1), picture(9), Plane(width: 50, height: 50, filledWith: 80),
    picture(1, gain: 0.5, offset: 60), Plane(width: 40, height: 9, filledWith: 80),
  ]
  let parts = Parts(count: 5, pairs: try Thumbnails(of: planes).siblings())
  #expect(parts.partOfImage == [0, 1, 2, 0, 4])
  #expect(parts.count == 4)
  #expect(parts.names(of: ["a", "b", "c", "d", "e"]) == ["a", "b", "c", "a", "e"])
}

@Test("more images than fit in a block are all compared")
func groupsManyBlocks() throws {
  let planes = (0..<1100).map { index in picture(UInt64(index % 550)) }
  let small = Thumbnails(of: Array(planes[0..<3]))
  let pairs = try small.siblings(with: Thumbnails(of: planes))
  #expect(pairs.map(\.second) == [0, 550, 1, 551, 2, 552])
}

@Test("thumbnails come back from an archive and a cut section is refused")
func groupsArchive() throws {
  let thumbnails = Thumbnails(of: [picture(1), picture(2)])
  var archive = ModelArchive(method: "surface")
  thumbnails.store(in: &archive)
  let back = try ModelArchive(decoding: archive.encoded())
  #expect(try Thumbnails(from: back) == thumbnails)
  archive.set("thumbnails", [UInt8](repeating: 1, count: 100))
  #expect(throws: ModelError.self) { try Thumbnails(from: archive) }
}

@Test("siblings in the teaching set are counted and taken out")
func groupsLeak() throws {
  let taught = Thumbnails(of: [picture(1), picture(2)])
  let evaluated = Thumbnails(of: [picture(7), picture(2, gain: 0.8), picture(8)])
  let check = try LeakCheck(evaluated: evaluated, taught: taught)
  #expect(check.hasSibling == [false, true, false])
  let images = (0..<3).map { LabelledScore(score: Double($0), kind: nil, part: "\($0)") }
  #expect(check.unseen(images).map(\.score) == [0, 2])
  #expect(try #require(check.warning).hasPrefix("1 of 3 images"))
  let named = LeakCheck(evaluatedParts: ["a", "b", "c"], taughtParts: ["c"])
  #expect(LeakCheck(check, or: named).siblingsInTeaching == 2)
}

@Test("a groups file names parts by the end of the path")
func groupsFile() throws {
  let text = "image,part\r\ngood/a.png,1\r\ndefect/pit/a.png,2\r\n\r\n\"b,1.png\", 3 \r\n"
  let file = try PartsFile(parsing: text, name: "parts.csv")
  #expect(file.part(of: "/data/tiles/good/a.png") == "1")
  #expect(file.part(of: "pit/a.png") == "2")
  #expect(file.part(of: "./x/b,1.png") == "3")
  #expect(file.part(of: "a.png") == nil, "two lines end so")
  #expect(file.part(of: "bad/a.png") == nil)
}

@Test("a groups file with a line that says nothing is refused by its line")
func groupsFileRefused() {
  #expect(throws: PartsFileError.noPart(file: "p", line: 2)) {
    try PartsFile(parsing: "a.png,1\nb.png\n", name: "p")
  }
  #expect(throws: PartsFileError.twoParts(file: "p", image: "a.png", lines: [1, 2])) {
    try PartsFile(parsing: "a.png,1\na.png,2\n", name: "p")
  }
}

@Test("folds keep parts together, balance classes and repeat", arguments: propertySeeds)
func groupsFolds(seed: UInt64) {
  let parts = (0..<120).map { "part \($0 / 4)" }
  let kinds = (0..<120).map { $0 < 40 ? "pit" : nil }
  let folds = GroupedFolds(parts: parts, kinds: kinds, count: 5, seed: seed)
  #expect(folds == GroupedFolds(parts: parts, kinds: kinds, count: 5, seed: seed))
  for fold in 0..<5 {
    let inside = Set(folds.images(in: fold).map { parts[$0] })
    #expect(inside.isDisjoint(with: folds.images(outside: fold).map { parts[$0] }))
    #expect(folds.images(in: fold).count { kinds[$0] != nil } == 8, "seed \(seed)")
    #expect(folds.images(in: fold).count == 24, "seed \(seed)")
  }
}
