import FactoryModel
import Imaging
import Inspection
import Synchronization

/// Labelled images through a recipe: a verdict each, and where there are masks a tally of pixels.
struct LabelledBatch: Sendable {
  let jobs: Int
  let limits: PNGLimits
  /// Is shown every inspected image on its worker, with its label and the recipe.
  let pictures: PictureTaker?
  /// Over every call of `run`, so that folds add up.
  let pixels = TalliedPixels()

  /// The verdicts of `images`, in order, as far as `stop` lets it come.
  func run(
    _ images: [TeachingImage], through loaded: LoadedRecipe, stop: StopRequest,
    progress: @escaping @Sendable (Int) -> Void
  ) throws -> [Verdict] {
    let verdicts = Mutex<[Verdict]>([])
    var settings = BatchSettings(jobs: jobs, limits: limits)
    settings.wantsMaps = true
    let labels = Dictionary(images.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let items = images.map { BatchItem(image: $0.name) }
    try BatchInspection(loaded, settings: settings).run(items, stop: stop) { part in
      guard let plane = part.plane, let map = part.map, let image = labels[part.verdict.image]
      else { return }
      if part.shrink == 1 {
        let within = try loaded.regions.mask(width: plane.width, height: plane.height)
        try pixels.add(map, plane, of: image, within: within)
      } else {
        pixels.leaveOut(image)
      }
      try pictures?(part, image, loaded)
    } each: { index, verdict in
      verdicts.withLock { $0.append(verdict) }
      progress(index + 1)
    }
    return verdicts.withLock { $0 }
  }
}

/// Takes pictures of a part, given its label and the recipe that judged it; called side by side.
public typealias PictureTaker =
  @Sendable (InspectedPart, TeachingImage, LoadedRecipe) throws -> Void

/// A tally of pixels that workers share.
final class TalliedPixels: Sendable {
  private let counted = Mutex<(tally: PixelTally, hasMask: Bool)>((PixelTally(), false))
  private let left = Atomic<Int>(0)

  /// Notes an image that came row by row: its pixels are not counted.
  func leaveOut(_ image: TeachingImage) {
    if image.readMask != nil { left.wrappingAdd(1, ordering: .relaxed) }
  }

  /// What the user should know of images that were left out.
  var warning: String? {
    let count = left.load(ordering: .relaxed)
    guard count > 0 else { return nil }
    return "large images with a mask came row by row and count in no figure of pixels: \(count)"
  }

  /// Counts one image. Throws `MaskError`, or `PNGError` of its mask.
  func add(_ map: ScoreMap, _ plane: Plane, of image: TeachingImage, within: RegionMask?) throws {
    let mask = try image.readMask?()
    if let mask, mask.width != plane.width || mask.height != plane.height {
      throw MaskError(
        image: image.name, found: "\(mask.width) × \(mask.height)",
        expected: "\(plane.width) × \(plane.height)")
    }
    counted.withLock { counted in
      counted.hasMask = counted.hasMask || mask != nil
      counted.tally.add(
        map, width: plane.width, height: plane.height, mask: mask, isDefective: image.kind != nil,
        within: within)
    }
  }

  /// What was counted; nil when no image had a mask.
  var tally: PixelTally? { counted.withLock { $0.hasMask ? $0.tally : nil } }
}

/// A mask that does not belong to its image.
public struct MaskError: Error, Hashable, CustomStringConvertible {
  public var image: String
  public var found: String
  public var expected: String

  public var description: String {
    "\(image): its mask is \(found), the image \(expected); make the mask from this very image"
  }
}
