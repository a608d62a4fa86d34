import Imaging
import Testing

@testable import Inspection

@Suite struct BoostedTreesTests {
  private static let seed: UInt64 = 4

  /// 200 rows of two numbers, each seen plainly and with the numbers swapped.
  private static let rows: [[Float]] = {
    var generator = SeededGenerator(seed: seed)
    return (0..<200).map { _ in [generator.uniform(0, 1), generator.uniform(0, 1)] }
  }()

  private static func teaching(seed: UInt64) throws -> TreeTeaching {
    TreeTeaching(
      table: try BinnedRows(rows, views: [[0, 1], [1, 0]], workers: OneWorker()), leaves: 6,
      seed: seed, workers: OneWorker())
  }

  /// Whichever number is the larger; the same in both views.
  private static func trees(seed: UInt64) throws -> BoostedTrees {
    try teaching(seed: seed).number(of: Array(rows.indices), rounds: 80, knee: 1) { row, _ in
      max(rows[row][0], rows[row][1])
    }
  }

  @Test func `trees learn a number that views share`() throws {
    let trees = try Self.trees(seed: 1)
    for isSwapped in [false, true] {
      let errors = Self.rows.map { row in
        abs(trees.sums(isSwapped ? row.reversed() : row)[0] - max(row[0], row[1]))
      }
      let mean = errors.reduce(0, +) / Float(errors.count)
      // The mean of all rows, said for each, would be off by 0.2.
      #expect(mean < 0.1, "swapped \(isSwapped), seed \(Self.seed)")
    }
  }

  @Test func `the mean of sets gives the mean of their sums`() throws {
    let sets = try (1...3).map { try Self.trees(seed: $0) }
    let mean = BoostedTrees(meanOf: sets)
    for row in Self.rows.prefix(20) {
      let sum = sets.reduce(Float(0)) { $0 + $1.sums(row)[0] }
      #expect(abs(mean.sums(row)[0] - sum / 3) < 1e-4)
    }
    #expect(sets[0].values != sets[1].values)
  }

  @Test func `an archive gives the trees back, and one that points outside is refused`() throws {
    let trees = try Self.trees(seed: 1)
    var archive = ModelArchive(method: "pairs")
    trees.store("t", in: &archive)
    let again = try BoostedTrees("t", in: archive, outputCount: 1, featureCount: 2)
    #expect(again.sums(Self.rows[0]) == trees.sums(Self.rows[0]))
    #expect(throws: ModelError.self) {
      try BoostedTrees("t", in: archive, outputCount: 1, featureCount: 1)
    }
    var nodes = trees.nodes
    nodes[1] = 0
    archive.set("t.nodes", nodes)
    #expect(throws: ModelError.self) {
      try BoostedTrees("t", in: archive, outputCount: 1, featureCount: 2)
    }
  }
}
