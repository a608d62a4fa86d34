import Imaging

/// How many parts to make.
public struct SampleSet: Hashable, Sendable {
  /// Good parts, numbered from 1; of circuits the pairs without a defect, of gauge all plates.
  public var good: Int
  /// Defective parts, numbered on from the good ones, the classes in turn.
  public var defective: Int
  /// How often each gauge plate is measured.
  public var repetitions: Int

  /// Counts of 0 or more.
  public init(good: Int, defective: Int = 0, repetitions: Int = 10) {
    precondition(
      good >= 0 && defective >= 0 && repetitions >= 1,
      "\(good) good, \(defective) defective, \(repetitions) repetitions")
    self.good = good
    self.defective = defective
    self.repetitions = repetitions
  }
}

/// Lays a made-up data set out as files, in the layout that `gemba teach` and `evaluate` read.
///
/// - castings, tiles: `good/part0001_exp1.png`, `defect/CLASS/part0101_exp1.png`,
///   `masks/CLASS/part0101_exp1.png`, `parts.csv` (`image,part`)
/// - circuits: `circuit0001_temp.png`, `…_test.png`, `….txt` (`x1 y1 x2 y2 type` a line,
///   empty for a good pair)
/// - gauge: `part0001_01.png`, `truth.csv` (`part,feature,millimetres,pixels_per_millimetre`)
public struct SampleWriter {
  private let encode: (Plane) throws -> [UInt8]
  private let encodeBinary: (Plane) throws -> [UInt8]
  private let store: (_ path: String, _ bytes: [UInt8]) throws -> Void

  /// `store` puts bytes at a path relative to the set's folder and makes the folders on the way.
  /// `encode` makes a file of a gray picture, `encodeBinary` of one with only 0 and 255.
  public init(
    encode: @escaping (Plane) throws -> [UInt8] = { PNGEncoder.encode($0) },
    encodeBinary: @escaping (Plane) throws -> [UInt8] = { PNGEncoder.encodeBinary($0) },
    store: @escaping (_ path: String, _ bytes: [UInt8]) throws -> Void
  ) {
    self.encode = encode
    self.encodeBinary = encodeBinary
    self.store = store
  }

  /// Writes `set`, one picture after the other; throws what `encode` and `store` throw.
  public func write(_ set: SampleSet, from generator: SampleGenerator) throws {
    switch generator.family {
    case .castings, .tiles: try writeParts(set, generator)
    case .circuits: try writeCircuits(set, generator)
    case .gauge: try writeGauge(set, generator)
    }
  }

  private func writeParts(_ set: SampleSet, _ generator: SampleGenerator) throws {
    var table = "image,part\n"
    for index in stride(from: 1, through: set.good + set.defective, by: 1) {
      let isGood = index <= set.good
      let pictures = isGood ? generator.good(index) : generator.defective(index)
      for (number, picture) in pictures.enumerated() {
        let name = "\(picture.part)_exp\(number + 1).png"
        let folder = picture.kind.map { "defect/\($0)" } ?? "good"
        try store("\(folder)/\(name)", try encode(picture.plane))
        if let mask = picture.mask, let kind = picture.kind {
          try store("masks/\(kind)/\(name)", try encode(mask))
        }
        table += "\(folder)/\(name),\(picture.part)\n"
      }
    }
    try store("parts.csv", Array(table.utf8))
  }

  private func writeCircuits(_ set: SampleSet, _ generator: SampleGenerator) throws {
    for index in stride(from: 1, through: set.good + set.defective, by: 1) {
      let isGood = index <= set.good
      let pair = isGood ? generator.goodCircuitPair(index) : generator.circuitPair(index)
      let name = "circuit" + SampleGenerator.name(index).dropFirst(4)
      try store("\(name)_temp.png", try encodeBinary(pair.template))
      try store("\(name)_test.png", try encodeBinary(pair.test))
      let lines = pair.defects.map { $0.line + "\n" }.joined()
      try store("\(name).txt", Array(lines.utf8))
    }
  }

  private func writeGauge(_ set: SampleSet, _ generator: SampleGenerator) throws {
    var table = "part,feature,millimetres,pixels_per_millimetre\n"
    let scale = SampleGenerator.gaugePixelsPerMillimetre
    for index in stride(from: 1, through: set.good, by: 1) {
      for length in generator.gaugeLengths(index) {
        table += "\(SampleGenerator.name(index)),\(length.feature),\(length.millimetres),\(scale)\n"
      }
      for repetition in 1...set.repetitions {
        let digits = repetition < 10 ? "0\(repetition)" : "\(repetition)"
        let picture = generator.gaugePart(index, repetition: repetition)
        try store("\(picture.part)_\(digits).png", try encode(picture.plane))
      }
    }
    try store("truth.csv", Array(table.utf8))
  }
}
