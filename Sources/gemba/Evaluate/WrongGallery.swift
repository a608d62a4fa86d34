import FactoryModel
import Imaging
import Inspection
import Pipeline
import Reports
import Synchronization

/// Pictures of images judged wrongly: those with the lowest scores (the worst escapes) or the highest
/// (the worst false rejects), at most so many.
final class WrongGallery: Sendable {
  enum Wanted { case lowest, highest }

  private struct Kept {
    var image: String
    /// The less, the more wanted.
    var rank: Double
    var picture: [UInt8]
    var heat: [UInt8]?
  }

  private let most: Int
  private let wanted: Wanted
  private let kept = Mutex<[Kept]>([])

  init(most: Int, wants wanted: Wanted) {
    self.most = most
    self.wanted = wanted
  }

  private func rank(_ score: Double) -> Double { wanted == .lowest ? score : -score }

  /// Draws a part if it is among the wanted so far. Throws `PNGError` of its mask.
  func offer(_ part: InspectedPart, _ image: TeachingImage, _ loaded: LoadedRecipe) throws {
    guard let plane = part.plane, let score = part.verdict.score else { return }
    let rank = rank(score)
    guard kept.withLock({ $0.count < most || rank < $0[$0.count - 1].rank }) else { return }
    // Of a large image there is a smaller picture, on which its mask does not fit.
    let mask = part.shrink == 1 ? try image.readMask?() : nil
    let overlay = Overlay.picture(plane, part.pictured, mask: mask)
    let scale = HeatScale(of: loaded)
    let heat = part.picturedMap.map { HeatMap.picture(plane, $0.grid(scale)) }
    let entry = Kept(
      image: part.verdict.image, rank: rank, picture: PNGEncoder.encode(overlay.forPage),
      heat: heat.map { PNGEncoder.encode($0.forPage) })
    kept.withLock { kept in
      kept.append(entry)
      kept.sort { ($0.rank, $0.image) < ($1.rank, $1.image) }
      if kept.count > most { kept.removeLast() }
    }
  }

  /// The images of `result` that are `wrong`, the most wanted first, with the pictures kept.
  func images(of result: RecipeEvaluation.Result, where wrong: (JudgedImage) -> Bool)
    -> [EvaluationPage.Wrong]
  {
    let drawn = Dictionary(
      kept.withLock { $0 }.map { ($0.image, $0) }, uniquingKeysWith: { first, _ in first })
    let scored = result.images.filter { wrong($0) && $0.verdict.score != nil }
    let sorted = scored.sorted {
      (rank($0.verdict.score ?? 0), $0.verdict.image)
        < (rank($1.verdict.score ?? 0), $1.verdict.image)
    }
    return sorted.map { image in
      let own = drawn[image.verdict.image]
      return EvaluationPage.Wrong(
        image: image.verdict.image, kind: image.label.kind, score: image.verdict.score ?? 0,
        picture: own?.picture, heat: own?.heat)
    }
  }
}
