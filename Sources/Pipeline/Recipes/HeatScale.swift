import Inspection
import Reports

/// Which scores a heat map shows cold and hot: 0 at the median score of good parts and below, one half
/// at the threshold, 1 as far above it. Methods score on scales of their own, so the recipe says.
public struct HeatScale: Hashable, Sendable {
  private let low: Double
  private let high: Double

  /// The scale of a recipe at its present threshold; without scores of good parts it reaches as
  /// far from the threshold as that is from 0, 1 at least.
  public init(of loaded: LoadedRecipe) {
    let threshold = loaded.recipe.threshold
    var width = max(abs(threshold), 1)
    if let good = loaded.memory.scores?.quantiles {
      // A threshold below most good parts leaves their spread as the only measure of far and near.
      let spread = max(good[95] - good[5], 1e-3 * width)
      width = threshold > good[50] ? threshold - good[50] : spread
    }
    low = threshold - width
    high = threshold + width
  }

  /// How hot a score is, 0…1.
  public func heat(_ score: Float) -> Float {
    Float(min(max((Double(score) - low) / (high - low), 0), 1))
  }

  /// How hot each place of a map is, 0…1: on the map's own scale where it has one.
  public func heat(of map: ScoreMap) -> [Float] {
    guard let shown = map.shown else { return map.values.map(heat) }
    let width = shown.upperBound - shown.lowerBound
    return map.values.map { min(max(($0 - shown.lowerBound) / width, 0), 1) }
  }
}

extension ScoreMap {
  /// The scores as heat, to be drawn over the picture.
  public func grid(_ scale: HeatScale) -> HeatMap.Grid {
    HeatMap.Grid(
      width: width, height: height, cellWidth: cellWidth, cellHeight: cellHeight,
      values: scale.heat(of: self))
  }
}
