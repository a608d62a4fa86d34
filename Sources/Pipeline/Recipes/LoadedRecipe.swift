import Foundation
import Imaging
import Inspection

/// A recipe folder in memory: the readable half, the model, and the masks it names.
public struct LoadedRecipe: Sendable {
  /// The names of the two files of a recipe folder.
  static let recipeFile = "recipe.yaml"
  static let modelFile = "model.gemba"

  /// What `recipe.yaml` says.
  public var recipe: Recipe
  /// What teaching made.
  public let model: any TaughtModel
  /// What was taught from, for drift warnings, the leak check and thresholds set later.
  public let memory: TeachingMemory
  /// Where pixels count.
  public let regions: RecipeRegions
  /// Names the classes of defects, where teaching saw labelled ones.
  public let classes: DefectClassifier?

  /// A recipe just taught.
  public init(
    recipe: Recipe, model: any TaughtModel, memory: TeachingMemory, regions: RecipeRegions,
    classes: DefectClassifier? = nil
  ) {
    self.recipe = recipe
    self.model = model
    self.memory = memory
    self.regions = regions
    self.classes = classes
  }

  /// Reads a recipe folder. Throws `RecipeError` (unreadable, wrong key or value, damaged, newer or
  /// foreign model, settings changed since teaching) or `PNGError` (a mask).
  public init(folder: String) throws {
    let recipe = try Self.recipe(folder: folder)
    let path = folder + "/" + Self.modelFile
    guard let file = ModelFile(path: path) else {
      throw RecipeError.unreadable(path: path, reason: "there is no readable model file")
    }
    do {
      let archive = try ModelArchive(reading: file)
      model = try MethodCatalogue.model(from: archive, method: recipe.method)
      memory = try TeachingMemory(from: archive)
      classes = try DefectClassifier(from: archive)
    } catch let error as ModelError {
      throw RecipeError.model(path: path, error)
    }
    let found = recipe.settings.text(of: recipe.method)
    guard found == memory.settings else {
      throw RecipeError.settingsChanged(
        file: folder + "/" + Self.recipeFile, taught: memory.settings, found: found)
    }
    self.recipe = recipe
    regions = try RecipeRegions(of: recipe, folder: folder)
  }

  /// Reads only `recipe.yaml` of a recipe folder.
  public static func recipe(folder: String) throws -> Recipe {
    let path = folder + "/" + recipeFile
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw RecipeError.unreadable(path: path, reason: "there is no readable recipe here")
    }
    return try Recipe(yaml: String(decoding: bytes, as: UTF8.self), file: path)
  }

  /// Writes recipe, model and masks as `folder`, which is made when absent; both files change in one
  /// step, so that a crash never leaves a recipe beside another one's model. Throws
  /// `DurableFileError` when the folder cannot be written.
  public func save(in folder: String) throws {
    var whole = model.archive()
    memory.store(in: &whole)
    DefectClassifier.store(classes, in: &whole)
    let archive = whole
    let yaml = Array(recipe.yaml.utf8)
    var files: [String: DurableFile.Content] = [
      Self.modelFile: { try archive.write($0) }, Self.recipeFile: { try $0(yaml) },
    ]
    for (name, mask) in regions.masks { files[name] = { try $0(PNGEncoder.encode(mask)) } }
    try DurableFile.writeFolder(files, to: folder)
  }

  /// Writes a changed threshold, rule or unsure band into `recipe.yaml`, whose comments stay.
  public static func save(_ recipe: Recipe, in folder: String) throws {
    let path = folder + "/" + recipeFile
    let earlier = FileManager.default.contents(atPath: path) ?? Data()
    try DurableFile.write(
      recipe.yaml(editing: String(decoding: earlier, as: UTF8.self)), to: path)
  }
}
