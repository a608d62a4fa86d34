import FactoryModel
import Imaging
import Inspection

/// One worker: its own decoder and inspector, from a path to a verdict.
struct PartInspector {
  private let loaded: LoadedRecipe
  private let settings: BatchSettings
  private var decoder: PNGDecoder
  private var inspector: any Inspector
  private var regions: DrawnRegions
  private let turn: LargeImageTurn

  /// `frameWorkers` share the work on each frame.
  init(
    _ loaded: LoadedRecipe, _ settings: BatchSettings, _ turn: LargeImageTurn = LargeImageTurn(),
    frameWorkers: any Workers = OneWorker()
  ) {
    self.loaded = loaded
    self.settings = settings
    self.turn = turn
    decoder = PNGDecoder(limits: settings.limits)
    inspector = loaded.model.makeInspector(frameWorkers)
    regions = DrawnRegions(loaded.regions)
  }

  /// Never throws: what cannot be inspected becomes a verdict that says why.
  mutating func inspect(_ item: BatchItem) -> InspectedPart {
    let clock = ContinuousClock()
    let start = clock.now
    do {
      let seen = try look(at: item)
      var verdict = Verdict(
        image: item.image, outcome: loaded.recipe.outcome(of: seen.finding),
        score: seen.finding.score, threshold: loaded.recipe.threshold,
        defects: seen.finding.defects, milliseconds: (clock.now - start) / .milliseconds(1),
        brightness: seen.brightness, millimetresPerPixel: loaded.recipe.millimetresPerPixel)
      verdict.kind = seen.finding.kind
      verdict.probability = seen.finding.probability
      return InspectedPart(
        verdict: verdict, plane: seen.plane, shrink: seen.shrink, map: seen.finding.map)
    } catch {
      let text = "\(error)"
      return InspectedPart(
        verdict: Verdict(
          image: item.image, outcome: .error, score: nil, threshold: loaded.recipe.threshold,
          milliseconds: (clock.now - start) / .milliseconds(1),
          error: text.hasPrefix(item.image) ? text : "\(item.image): \(text)"))
    }
  }

  /// What an inspector found, and a picture of what it looked at.
  private struct Look: Sendable {
    var finding: Finding
    var brightness: Double
    var plane: Plane
    /// The whole factor by which `plane` is smaller than the image.
    var shrink = 1
  }

  private mutating func look(at item: BatchItem) throws -> Look {
    // Classes are told by the pixels of a defect, so those images are held whole.
    if loaded.classes == nil, let seen = try lookAtRows(of: item) { return seen }
    let frame = try read(item)
    var finding = try inspector.inspect(frame, request(try regions.mask(for: frame.plane)))
    if let classes = loaded.classes { finding.defects.name(by: classes, in: frame.plane) }
    return Look(
      finding: finding, brightness: brightness(of: frame.plane), plane: frame.plane)
  }

  private func request(_ mask: RegionMask?) -> InspectionRequest {
    InspectionRequest(
      minimumScore: settings.minimumScore ?? loaded.recipe.threshold,
      wantsMap: settings.wantsMaps, regions: mask)
  }

  /// Nil when the image is not large, or the method does not take rows.
  private func lookAtRows(of item: BatchItem) throws -> Look? {
    func isLarge(_ standard: Int) -> Bool {
      ImageRows.areLarge(item.image, from: settings.largePixels ?? standard)
    }
    if let path = item.reference {
      guard var pairs = inspector as? any PairRowInspector, isLarge(pairs.largePixels) else {
        return nil
      }
      return try turn.take {
        let reference = try rows(of: path)
        return try lookAtRows(of: item) { image, regions, request in
          try pairs.inspect(image, beside: reference, within: regions, request)
        }
      }
    }
    guard var inspector = inspector as? any RowInspector, isLarge(inspector.largePixels) else {
      return nil
    }
    return try turn.take {
      try lookAtRows(of: item) { image, regions, request in
        try inspector.inspect(image, within: regions, request, AllCores(count: settings.jobs))
      }
    }
  }

  private func lookAtRows(
    of item: BatchItem,
    _ inspect: (WatchedRows, RegionRows?, InspectionRequest) throws -> Finding
  ) throws -> Look {
    let watched = WatchedRows(try rows(of: item.image))
    let regions = try loaded.regions.rows(width: watched.width, height: watched.height)
    let finding = try inspect(watched, regions, request(nil))
    return Look(
      finding: finding, brightness: watched.brightness, plane: watched.plane,
      shrink: watched.shrink)
  }

  private func rows(of path: String) throws -> any RowSource {
    try ImageRows.open(path, loaded.recipe.levels, settings.limits)
  }

  private mutating func read(_ item: BatchItem) throws -> Frame {
    let plane = try decoder.decode(path: item.image).plane(levels: loaded.recipe.levels)
    guard let path = item.reference else { return Frame(plane) }
    let reference = try decoder.decode(path: path).plane(levels: loaded.recipe.levels)
    return Frame(plane, reference: reference)
  }
}

extension [Defect] {
  /// Gives those that the method left unnamed their class.
  fileprivate mutating func name(by classes: DefectClassifier, in plane: Plane) {
    for index in indices where self[index].kind == Defect.unnamed {
      self[index].kind = classes.kind(of: self[index], in: plane)
    }
  }
}

/// A verdict with the pixels it is about, until the pictures are written.
public struct InspectedPart: Sendable {
  public var verdict: Verdict
  /// Nil when the image could not be read; of a large image a smaller picture.
  public var plane: Plane?
  /// The whole factor by which `plane` is smaller than the image.
  public var shrink = 1
  /// Present when maps were asked for.
  public var map: ScoreMap?

  /// The defects where they lie on `plane`.
  public var pictured: [Defect] {
    verdict.defects.map { defect in
      var pictured = defect
      pictured.x /= shrink
      pictured.y /= shrink
      pictured.width = (defect.width + shrink - 1) / shrink
      pictured.height = (defect.height + shrink - 1) / shrink
      return pictured
    }
  }

  /// The map with its cells as large as they are on `plane`.
  public var picturedMap: ScoreMap? {
    map.map { map in
      var pictured = map
      pictured.cellWidth /= Double(shrink)
      pictured.cellHeight /= Double(shrink)
      return pictured
    }
  }
}

/// The mean gray level, 0–255.
func brightness(of plane: Plane) -> Double {
  Double(plane.pixels.reduce(into: 0) { $0 &+= Int($1) }) / Double(plane.pixels.count)
}
