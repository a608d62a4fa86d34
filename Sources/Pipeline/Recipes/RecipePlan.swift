import Imaging
import Inspection

/// What the user decides about a recipe before it is taught.
public struct RecipePlan: Sendable {
  /// The method's name as in `MethodCatalogue`.
  public var method: String
  /// Settings of the method other than the defaults.
  public var settings = MethodSettings()
  /// The window that 16-bit images are seen through.
  public var levels = Levels.full
  public var regions = RecipeRegions()
  /// Which defects reject; empty: every one that reaches the threshold.
  public var limits: [DefectLimit] = []
  public var millimetresPerPixel: Double?
  /// Nil: the method's own choice, or else false rejects of 1 %.
  public var thresholdRule: ThresholdRule?
  /// Which parts below the threshold a person looks at; nil: none.
  public var unsure: UnsureRule?
  public var seed: UInt64 = 0
  /// Whether every image comes with its own reference.
  public var comesInPairs = false

  /// A plan with everything at its default.
  public init(method: String) { self.method = method }

  /// The plan by which an earlier recipe could have been taught.
  public init(like loaded: LoadedRecipe) {
    let recipe = loaded.recipe
    method = recipe.method
    settings = recipe.settings
    levels = recipe.levels
    regions = loaded.regions
    limits = recipe.limits
    millimetresPerPixel = recipe.millimetresPerPixel
    // A rule that chooses is kept; a threshold set by hand belongs to the other model's scores.
    let rule = recipe.thresholdRule.flatMap { try? ThresholdRule(parsing: $0) }
    if case .value? = rule {} else { thresholdRule = rule }
    seed = recipe.teaching.seed
    comesInPairs = loaded.model is PairsModel
  }

  /// The recipe with a chosen threshold.
  func recipe(_ choice: ThresholdChoice, _ teaching: TeachingRecord) -> Recipe {
    var recipe = Recipe(method: method, threshold: choice.threshold, teaching: teaching)
    recipe.thresholdRule = choice.rule.description
    recipe.levels = levels
    recipe.millimetresPerPixel = millimetresPerPixel
    recipe.include = regions.include
    recipe.exclude = regions.exclude
    recipe.limits = limits
    recipe.settings = settings
    return recipe
  }
}
