import Imaging

/// What good gray parts look like: mean and tolerance of every pixel, at the first part's position.
public struct GrayReferenceModel: TaughtModel {
  /// The method's name in archives and recipes.
  public static let method = "reference"

  /// How closely parts are compared.
  public let settings: GrayReferenceSettings
  /// Columns and rows of the images it judges.
  public let width: Int
  public let height: Int
  /// Smoothed mean of the good parts in 16ths of a gray level, row-major.
  let mean: [UInt16]
  /// 131,072 / tolerance in 16ths of a gray level, so that a ratio needs no division.
  let reciprocal: [UInt16]
  /// Where part and light are looked for, nil: everywhere.
  let region: RegionMask?
  /// Finds the part.
  let registration: Registration

  /// A model of a mean and a spread per pixel, both in 16ths of a gray level.
  init(
    width: Int, height: Int, mean: [UInt16], spread: [UInt16], region: RegionMask?,
    settings: GrayReferenceSettings
  ) {
    self.region = region
    self.settings = settings
    self.width = width
    self.height = height
    self.mean = mean
    reciprocal = spread.map { spread in
      let tolerance = max(settings.absoluteTolerance * 16, settings.spreadFactor * Double(spread))
      return UInt16(min(max((131_072 / max(tolerance, 2.1)).rounded(), 1), 65_535))
    }
    registration = Self.registration(
      width: width, height: height, mean: mean, region: region,
      settings: settings.registration)
  }

  private init(
    width: Int, height: Int, mean: [UInt16], reciprocal: [UInt16], region: RegionMask?,
    settings: GrayReferenceSettings
  ) {
    self.region = region
    self.width = width
    self.height = height
    self.mean = mean
    self.reciprocal = reciprocal
    self.settings = settings
    registration = Self.registration(
      width: width, height: height, mean: mean, region: region,
      settings: settings.registration)
  }

  static func registration(
    width: Int, height: Int, mean: [UInt16], region: RegionMask?, settings: RegistrationSettings
  ) -> Registration {
    var pyramid = GrayPyramid(width: width, height: height)
    pyramid.load(mean.map { UInt8(min((Int($0) + 8) / 16, 255)) })
    return Registration(pyramid, settings: settings, within: region)
  }

  public func makeInspector() -> any Inspector { GrayReferenceInspector(self) }

  /// The tolerance of each pixel in gray levels, row-major.
  public var tolerance: [Float] { reciprocal.map { 8192 / Float($0) } }

  public func archive() -> ModelArchive {
    var archive = ModelArchive(method: Self.method)
    archive.set("gray.size", [Int32(width), Int32(height)])
    archive.set("gray.mean", mean.map { Int32($0) })
    archive.set("gray.reciprocal", reciprocal.map { Int32($0) })
    archive.set("gray.region", region?.flags ?? [])
    archive.set(
      "gray.settings",
      [
        settings.absoluteTolerance, settings.spreadFactor, Double(settings.spreadReach),
        settings.evensLight ? 1 : 0, settings.registration.largestShift,
        settings.registration.largestTurnDegrees, Double(settings.shadingCell),
        settings.localShift,
      ])
    return archive
  }

  /// Reads what `archive` wrote. Throws `ModelError` when the archive is of another method or
  /// damaged.
  public init(archive: ModelArchive) throws {
    guard archive.method == "reference" else {
      throw ModelError.otherMethod(found: archive.method, expected: "reference")
    }
    let size = try archive.get("gray.size", as: Int32.self).map { Int($0) }
    let mean = try archive.get("gray.mean", as: Int32.self)
    let reciprocal = try archive.get("gray.reciprocal", as: Int32.self)
    let flags = try archive.get("gray.region", as: UInt8.self)
    let numbers = try archive.get("gray.settings", as: Double.self)
    guard size.count == 2, (3...65_536).contains(size[0]), (3...65_536).contains(size[1]),
      mean.count == size[0] * size[1], reciprocal.count == mean.count,
      flags.isEmpty || flags.count == mean.count,
      mean.allSatisfy({ (0...4080).contains($0) }),
      reciprocal.allSatisfy({ (1...65_535).contains($0) })
    else { throw ModelError.damaged(reason: "the planes of the gray reference do not fit") }
    self.init(
      width: size[0], height: size[1], mean: mean.map { UInt16($0) },
      reciprocal: reciprocal.map { UInt16($0) },
      region: flags.isEmpty ? nil : RegionMask(width: size[0], height: size[1], flags: flags),
      settings: try Self.settings(numbers))
  }

  private static func settings(_ numbers: [Double]) throws -> GrayReferenceSettings {
    guard numbers.count == 8, numbers.allSatisfy({ abs($0) < 1e6 }) else {
      throw ModelError.damaged(reason: "the settings of the gray reference do not fit")
    }
    let settings = GrayReferenceSettings(
      absoluteTolerance: numbers[0], spreadFactor: numbers[1], spreadReach: Int(numbers[2]),
      evensLight: numbers[3] != 0, shadingCell: Int(numbers[6]), localShift: numbers[7],
      registration: RegistrationSettings(
        largestShift: numbers[4], largestTurnDegrees: numbers[5]))
    do { try settings.check() } catch {
      throw ModelError.damaged(reason: "the settings of the gray reference do not fit")
    }
    return settings
  }
}
