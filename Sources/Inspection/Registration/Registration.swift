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
  private let levels: [AlignmentPoints]
  private let settings: RegistrationSettings
  private let width: Int
  private let height: Int

  private static let pointsPerLevel = 512
  /// Below this match of the coarsest level all motions are tried.
  private static let poorMatch = 0.85

  /// Takes the steepest points of every level of a loaded pyramid, inside `region` (nil: everywhere).
  init(
    _ reference: GrayPyramid, settings: RegistrationSettings, within region: RegionMask? = nil
  ) {
    levels = reference.sizes.indices.map {
      AlignmentPoints(
        reference, level: $0, count: $0 == 0 ? 2 * Self.pointsPerLevel : Self.pointsPerLevel,
        within: region)
    }
    self.settings = settings
    width = reference.sizes[0].width
    height = reference.sizes[0].height
  }

  /// The motion of the part in `image`, a loaded pyramid of the reference's size.
  func motion(of image: GrayPyramid, scratch: inout AlignmentScratch) -> RigidMotion {
    guard settings.largestShift > 0 || settings.largestTurnDegrees > 0 else { return .none }
    let coarsest = levels.count - 1
    var best = refined(.none, image, level: coarsest, scratch: &scratch)
    if fit(best, image, level: coarsest, scratch: &scratch).correlation < Self.poorMatch {
      best = searched(image, level: coarsest, against: best, scratch: &scratch)
    }
    for level in stride(from: coarsest - 1, through: 0, by: -1) {
      best.dx *= 2
      best.dy *= 2
      best = refined(best, image, level: level, scratch: &scratch)
    }
    let still = fit(.none, image, level: 0, scratch: &scratch).correlation
    let moved = fit(best, image, level: 0, scratch: &scratch).correlation
    return moved > still && isAllowed(best) ? best : .none
  }

  private func fit(
    _ motion: RigidMotion, _ image: GrayPyramid, level: Int, scratch: inout AlignmentScratch
  ) -> AlignmentFit {
    AlignmentFit(
      image.levels[level], width: image.sizes[level].width, height: image.sizes[level].height,
      points: levels[level], motion: motion, scratch: &scratch)
  }

  private func refined(
    _ start: RigidMotion, _ image: GrayPyramid, level: Int, scratch: inout AlignmentScratch
  ) -> RigidMotion {
    var motion = start
    // The next level corrects what a coarse one leaves.
    let enough = level == 0 ? 0.02 : 0.1
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
      points: levels[level], settings: settings
    ).best
    guard let found else { return start }
    let refined = refined(found, image, level: level, scratch: &scratch)
    let before = fit(start, image, level: level, scratch: &scratch).correlation
    let after = fit(refined, image, level: level, scratch: &scratch).correlation
    return after > before ? refined : start
  }
}
