// Finds where the part of an image lies compared with a reference.
//
// From the coarsest pyramid level to the finest, least-squares steps (AlignmentFit) at the steepest
// points of the reference refine the motion. They start from "no motion"; only where the coarsest
// level does not match well, every motion within bounds is tried there first. Phase correlation was
// the alternative: it costs two transforms per angle and is hurt by borders, while a few hundred
// points cost microseconds. The result counts only if it matches better than "no motion".

import Imaging

/// How far parts may lie from where the reference has them.
public struct RegistrationSettings: Hashable, Sendable, Codable {
  /// Largest shift, part of the picture's width and height, 0…0.25.
  public var largestShift: Double
  /// Largest turn, degrees, 0…15.
  public var largestTurnDegrees: Double

  /// Bounds; by default a tenth of the size and five degrees.
  public init(largestShift: Double = 0.1, largestTurnDegrees: Double = 5) {
    self.largestShift = largestShift
    self.largestTurnDegrees = largestTurnDegrees
  }
}

extension RegistrationSettings {
  /// Reads bounds; what is left out has its default.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let standard = RegistrationSettings()
    self.init(
      largestShift: try values.decodeIfPresent(Double.self, forKey: .largestShift)
        ?? standard.largestShift,
      largestTurnDegrees: try values.decodeIfPresent(Double.self, forKey: .largestTurnDegrees)
        ?? standard.largestTurnDegrees)
  }
}

/// A reference prepared for finding its part in images of the same size.
struct Registration: Sendable {
  /// The level on which the motion is settled, 0 but for very large pictures.
  let finest: Int
  /// Points of every level from `finest` on.
  private let levels: [AlignmentPoints]
  private let settings: RegistrationSettings
  private let width: Int
  private let height: Int

  private static let pointsPerLevel = 512
  /// Below this match of the coarsest level all motions are tried.
  private static let poorMatch = 0.85

  /// Takes the steepest points of every level of `reference`, inside `region` (nil: everywhere).
  init(
    _ reference: GrayPyramid, settings: RegistrationSettings, within region: RegionRuns? = nil
  ) {
    let finest = reference.finest
    levels = (finest..<reference.sizes.count).map {
      AlignmentPoints(
        reference, level: $0, count: $0 == finest ? 2 * Self.pointsPerLevel : Self.pointsPerLevel,
        within: region)
    }
    self.finest = finest
    self.settings = settings
    width = reference.sizes[0].width
    height = reference.sizes[0].height
  }

  private init(
    finest: Int, levels: [AlignmentPoints], settings: RegistrationSettings, width: Int, height: Int
  ) {
    self.finest = finest
    self.levels = levels
    self.settings = settings
    self.width = width
    self.height = height
  }

  /// Whether parts may lie anywhere but where the reference has them.
  var seeks: Bool { settings.largestShift > 0 || settings.largestTurnDegrees > 0 }

  /// The motion of the part in `image`, a pyramid of the reference's size and finest level.
  func motion(of image: GrayPyramid, scratch: inout AlignmentScratch) -> RigidMotion {
    guard seeks else { return .none }
    let coarsest = finest + levels.count - 1
    var best = refined(.none, image, level: coarsest, scratch: &scratch)
    if fit(best, image, level: coarsest, scratch: &scratch).correlation < Self.poorMatch {
      best = searched(image, level: coarsest, against: best, scratch: &scratch)
    }
    for level in stride(from: coarsest - 1, through: finest, by: -1) {
      best.dx *= 2
      best.dy *= 2
      best = refined(best, image, level: level, scratch: &scratch)
    }
    let still = fit(.none, image, level: finest, scratch: &scratch).correlation
    let moved = fit(best, image, level: finest, scratch: &scratch).correlation
    best.dx *= Double(1 << finest)
    best.dy *= Double(1 << finest)
    return moved > still && isAllowed(best) ? best : .none
  }

  private func fit(
    _ motion: RigidMotion, _ image: GrayPyramid, level: Int, scratch: inout AlignmentScratch
  ) -> AlignmentFit {
    AlignmentFit(
      image.levels[level], width: image.sizes[level].width, height: image.sizes[level].height,
      points: levels[level - finest], motion: motion, scratch: &scratch)
  }

  private func refined(
    _ start: RigidMotion, _ image: GrayPyramid, level: Int, scratch: inout AlignmentScratch
  ) -> RigidMotion {
    var motion = start
    // The next level corrects what a coarse one leaves.
    let enough = level == finest ? 0.02 : 0.1
    for _ in 0..<6 {
      let next = fit(motion, image, level: level, scratch: &scratch)
      motion = next.motion
      if next.step < enough { break }
    }
    return motion
  }

  private func isAllowed(_ motion: RigidMotion) -> Bool {
    // A little room beyond the bounds, so that a part on the bound is not thrown back.
    abs(motion.dx) <= settings.largestShift * Double(width) * 1.1 + 1
      && abs(motion.dy) <= settings.largestShift * Double(height) * 1.1 + 1
      && abs(motion.radians) <= (settings.largestTurnDegrees * 1.1 + 0.1) * .pi / 180
  }

  /// The best refined motion of a grid over all allowed ones at the coarsest level, if it matches
  /// better than `start`.
  private func searched(
    _ image: GrayPyramid, level: Int, against start: RigidMotion, scratch: inout AlignmentScratch
  ) -> RigidMotion {
    let found = ShiftSearch(
      image.levels[level], width: image.sizes[level].width, height: image.sizes[level].height,
      points: levels[level - finest], settings: settings
    ).best
    guard let found else { return start }
    let refined = refined(found, image, level: level, scratch: &scratch)
    let before = fit(start, image, level: level, scratch: &scratch).correlation
    let after = fit(refined, image, level: level, scratch: &scratch).correlation
    return after > before ? refined : start
  }
}

extension Registration {
  /// Adds the sections `NAME.finest`, `NAME.counts` and `NAME.points` to an archive.
  func store(as name: String, in archive: inout ModelArchive) {
    let numbers = levels.map(\.numbers)
    archive.set("\(name).finest", [Int32(finest)])
    archive.set("\(name).counts", numbers.map { Int32($0.count) })
    archive.set("\(name).points", numbers.flatMap(\.self))
  }

  /// Reads what `store` wrote, for pictures of `width × height`. Throws `ModelError`.
  init(
    _ name: String, from archive: ModelArchive, width: Int, height: Int,
    settings: RegistrationSettings
  ) throws(ModelError) {
    let sizes = GrayPyramid.sizes(width: width, height: height)
    let finest = Int(try archive.get("\(name).finest", as: Int32.self).first ?? -1)
    let counts = try archive.get("\(name).counts", as: Int32.self).map { Int($0) }
    let points = try archive.get("\(name).points", as: Float.self)
    guard sizes.indices.contains(finest), counts.count == sizes.count - finest,
      counts.allSatisfy({ (0...points.count).contains($0) }), counts.reduce(0, +) == points.count
    else { throw .damaged(reason: "the points of the reference do not fit") }
    var levels: [AlignmentPoints] = []
    var start = 0
    for (index, count) in counts.enumerated() {
      guard
        let level = AlignmentPoints(
          numbers: Array(points[start..<start + count]), level: finest + index, of: sizes[0])
      else { throw .damaged(reason: "the points of the reference do not fit") }
      levels.append(level)
      start += count
    }
    self.init(finest: finest, levels: levels, settings: settings, width: width, height: height)
  }
}
