import Imaging

/// The kinds of made-up parts.
public enum SampleFamily: String, CaseIterable, Sendable {
  /// Die-cast impellers from above, 300 × 300.
  case castings
  /// Ground tiles, about 200 × 300, each of its own size.
  case tiles
  /// Printed circuits, 640 × 640, black and white, a template and a test picture each.
  case circuits
  /// Plates of known lengths, each measured again and again, 480 × 360.
  case gauge

  /// The classes of defects of this family, in the order they are made; empty for the gauge.
  public var kinds: [String] {
    switch self {
    case .castings: CastingModel.kinds
    case .tiles: TileModel.kinds
    case .circuits: CircuitDefectKind.allCases.map(\.rawValue)
    case .gauge: []
    }
  }
}

/// Makes pictures of parts with known defects, the same for a seed on every machine.
///
/// Part `index` looks the same however many others are made, and `defective(i, …)` is part `i` of
/// `good(i)` with a defect: the pictures agree byte for byte outside the mask.
public struct SampleGenerator: Sendable {
  /// What it makes.
  public let family: SampleFamily
  /// Another seed makes other parts.
  public let seed: UInt64
  /// Pictures of each part, 1 to 4.
  public let exposures: Int
  let castings: CastingModel?
  let tiles: TileModel

  /// A generator of `family`; nil for width or height means the family's own size, which circuits
  /// and gauge always keep. `exposures` must lie in 1…4, sizes in 64…4096.
  public init(
    family: SampleFamily, seed: UInt64, width: Int? = nil, height: Int? = nil, exposures: Int = 1
  ) {
    precondition((1...4).contains(exposures), "\(exposures) exposures, expected 1 to 4")
    for side in [width, height].compactMap({ $0 }) {
      precondition((64...4096).contains(side), "a side of \(side) pixels, expected 64 to 4096")
    }
    self.family = family
    self.seed = seed
    self.exposures = exposures
    castings =
      family == .castings ? CastingModel(width: width ?? 300, height: height ?? 300) : nil
    tiles = TileModel(width: width, height: height)
  }

  /// The exposures of good part `index`, of castings or tiles.
  public func good(_ index: Int) -> [SamplePart] {
    expose(scene(index).field, index)
  }

  /// The exposures of part `index`, of castings or tiles, with a defect of class `kind`, one of
  /// `family.kinds`; nil takes the classes in turn.
  public func defective(_ index: Int, kind: String? = nil) -> [SamplePart] {
    let kind = kind ?? family.kinds[index % family.kinds.count]
    precondition(family.kinds.contains(kind), "\(family.rawValue) have no defect \(kind)")
    var stream = SeededGenerator(seed: seed, part: index, purpose: kind)
    let scene = scene(index)
    let blemish = scene.blemish(kind, &stream)
    var field = scene.field
    let mask = field.paint(blemish, from: &stream)
    return expose(field, index).map { exposed in
      SamplePart(
        plane: exposed.plane, mask: mask, kind: kind, part: exposed.part,
        severity: blemish.severity)
    }
  }

  /// A part before the camera, and how a defect is put on it.
  private struct Scene {
    var field: Field
    var blemish: (String, inout SeededGenerator) -> Blemish
  }

  private func scene(_ index: Int) -> Scene {
    precondition(index >= 0, "part \(index), expected 0 or more")
    switch family {
    case .castings:
      guard let castings else { preconditionFailure("castings are drawn when the family is set") }
      let (field, pose) = castings.scene(seed: seed, index: index)
      return Scene(field: field) { castings.blemish($0, pose, from: &$1) }
    case .tiles:
      let (field, lean) = tiles.scene(seed: seed, index: index)
      return Scene(field: field) { tiles.blemish($0, on: field, lean: lean, from: &$1) }
    case .circuits, .gauge:
      preconditionFailure("\(family.rawValue) are made by circuitPair or gaugePart")
    }
  }

  private func expose(_ scene: Field, _ index: Int) -> [SamplePart] {
    (1...exposures).map { number in
      var stream = SeededGenerator(seed: seed, part: index, purpose: "exposure \(number)")
      let exposure = Exposure(number: number, from: &stream)
      return SamplePart(
        plane: scene.exposed(exposure, noise: &stream), part: SampleGenerator.name(index))
    }
  }

  static func name(_ index: Int) -> String {
    let digits = String(index)
    return "part" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
