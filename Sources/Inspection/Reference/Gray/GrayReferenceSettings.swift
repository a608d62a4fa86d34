/// How closely a gray part is compared with good ones; every field has a default.
public struct GrayReferenceSettings: Hashable, Sendable, Codable {
  /// Differences up to this many gray levels never count, 1…127.
  public var absoluteTolerance: Double
  /// Differences up to this many times the spread of good parts never count, ≥ 0.
  public var spreadFactor: Double
  /// The largest spread within this many pixels counts, because edges move by a fraction of a
  /// pixel, 0…3.
  public var spreadReach: Int
  /// Whether gain and offset of each image are fitted to the reference before comparing.
  public var evensLight: Bool
  /// Side of the square cells in which slow differences of light are taken off, pixels, 8…256; 0
  /// leaves them in, so that wide faint stains count.
  public var shadingCell: Int
  /// How far places of a part may lie off besides, because it bends or its pieces sit a little apart,
  /// pixels, 0…8; 0: nowhere.
  public var localShift: Double
  /// How far parts may lie from where the first part lay.
  public var registration: RegistrationSettings

  /// Settings; the defaults suit castings and machined parts in a fixture.
  public init(
    absoluteTolerance: Double = 12, spreadFactor: Double = 4, spreadReach: Int = 1,
    evensLight: Bool = true, shadingCell: Int = 0, localShift: Double = 0,
    registration: RegistrationSettings = RegistrationSettings()
  ) {
    self.absoluteTolerance = absoluteTolerance
    self.spreadFactor = spreadFactor
    self.spreadReach = spreadReach
    self.evensLight = evensLight
    self.shadingCell = shadingCell
    self.localShift = localShift
    self.registration = registration
  }
}

extension GrayReferenceSettings {
  /// Reads settings; what is left out has its default.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let standard = GrayReferenceSettings()
    self.init(
      absoluteTolerance: try values.decodeIfPresent(Double.self, forKey: .absoluteTolerance)
        ?? standard.absoluteTolerance,
      spreadFactor: try values.decodeIfPresent(Double.self, forKey: .spreadFactor)
        ?? standard.spreadFactor,
      spreadReach: try values.decodeIfPresent(Int.self, forKey: .spreadReach)
        ?? standard.spreadReach,
      evensLight: try values.decodeIfPresent(Bool.self, forKey: .evensLight)
        ?? standard.evensLight,
      shadingCell: try values.decodeIfPresent(Int.self, forKey: .shadingCell)
        ?? standard.shadingCell,
      localShift: try values.decodeIfPresent(Double.self, forKey: .localShift)
        ?? standard.localShift,
      registration: try values.decodeIfPresent(RegistrationSettings.self, forKey: .registration)
        ?? standard.registration)
  }

  /// Throws `InspectionError.cannotTeach` naming the first setting out of its range.
  func check() throws {
    let ranges: [(name: String, value: Double, range: ClosedRange<Double>)] = [
      ("absoluteTolerance", absoluteTolerance, 1...127), ("spreadFactor", spreadFactor, 0...100),
      ("spreadReach", Double(spreadReach), 0...3),
      ("shadingCell", Double(shadingCell), shadingCell == 0 ? 0...0 : 8...256),
      ("localShift", localShift, 0...8),
      ("largestShift", registration.largestShift, 0...0.25),
      ("largestTurnDegrees", registration.largestTurnDegrees, 0...15),
    ]
    for (name, value, range) in ranges where !range.contains(value) {
      throw InspectionError.cannotTeach(
        reason: "\(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)",
        mend: "mend the recipe")
    }
  }
}
