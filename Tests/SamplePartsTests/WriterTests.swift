import Imaging
import SampleParts
import Testing

@Suite struct WriterTests {
  /// Files of a set by path; a picture is its raw pixels.
  private func files(_ set: SampleSet, _ generator: SampleGenerator) throws -> [String: [UInt8]] {
    var files = [String: [UInt8]]()
    let writer = SampleWriter(
      encode: { $0.pixels }, encodeBinary: { $0.pixels }, store: { files[$0] = $1 })
    try writer.write(set, from: generator)
    return files
  }

  @Test("good, defect and mask pictures lie in their folders, and parts.csv names their parts")
  func parts() throws {
    let generator = SampleGenerator(
      family: .tiles, seed: 2, width: 64, height: 64, exposures: 2)
    let files = try files(SampleSet(good: 1, defective: 1), generator)
    #expect(
      files.keys.sorted() == [
        "defect/scratch/part0002_exp1.png", "defect/scratch/part0002_exp2.png",
        "good/part0001_exp1.png", "good/part0001_exp2.png",
        "masks/scratch/part0002_exp1.png", "masks/scratch/part0002_exp2.png", "parts.csv",
      ])
    #expect(
      files["parts.csv"].map { String(decoding: $0, as: UTF8.self) } == """
        image,part
        good/part0001_exp1.png,part0001
        good/part0001_exp2.png,part0001
        defect/scratch/part0002_exp1.png,part0002
        defect/scratch/part0002_exp2.png,part0002

        """)
  }

  @Test("a part looks the same however many are made")
  func stable() throws {
    let generator = SampleGenerator(family: .castings, seed: 2, width: 64, height: 64)
    let few = try files(SampleSet(good: 2), generator)
    let more = try files(SampleSet(good: 3, defective: 2), generator)
    #expect(few["good/part0002_exp1.png"] == more["good/part0002_exp1.png"])
    #expect(few.count == 3 && more.count == 8)
  }

  @Test("a circuit has a template, a test picture and a line for each box")
  func circuits() throws {
    let generator = SampleGenerator(family: .circuits, seed: 2)
    let files = try files(SampleSet(good: 0, defective: 1), generator)
    #expect(
      files.keys.sorted() == ["circuit0001.txt", "circuit0001_temp.png", "circuit0001_test.png"])
    let lines = files["circuit0001.txt"].map { String(decoding: $0, as: UTF8.self) }
    let boxes = generator.circuitPair(1).defects.map { $0.line + "\n" }.joined()
    #expect(lines == boxes)
  }

  @Test("a gauge set names the true lengths once a plate")
  func gauge() throws {
    let generator = SampleGenerator(family: .gauge, seed: 2)
    let files = try files(SampleSet(good: 1, defective: 3, repetitions: 2), generator)
    #expect(files.keys.sorted() == ["part0001_01.png", "part0001_02.png", "truth.csv"])
    let table = files["truth.csv"].map { String(decoding: $0, as: UTF8.self) } ?? ""
    #expect(table.split(separator: "\n").count == 8)
  }
}
