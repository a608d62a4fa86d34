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
  /// What was taught from, for drift warnings and the leak check.
  public let memory: TeachingMemory
  private let masks: [String: Plane]

  /// A recipe just taught.
  public init(recipe: Recipe, model: any TaughtModel, memory: TeachingMemory) {
    self.recipe = recipe
    self.model = model
    self.memory = memory
    masks = [:]
  }

  /// Reads a recipe folder. Throws `RecipeError` (unreadable, wrong key or value, damaged, newer or
  /// foreign model) or `PNGError` (a mask).
  public init(folder: String) throws {
    let recipe = try Self.recipe(folder: folder)
    let path = folder + "/" + Self.modelFile
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw RecipeError.unreadable(path: path, reason: "there is no readable model file")
    }
    do {
      let archive = try ModelArchive(decoding: Array(bytes))
      model = try MethodCatalogue.model(from: archive, method: recipe.method)
      memory = try TeachingMemory(from: archive)
    } catch let error as ModelError {
      throw RecipeError.model(path: path, error)
    }
    self.recipe = recipe
    var masks: [String: Plane] = [:]
    var decoder = PNGDecoder()
    for case .mask(let file) in recipe.include + recipe.exclude {
      masks[file] = try decoder.decode(path: folder + "/" + file).plane(levels: .full)
    }
    self.masks = masks
  }

  /// Reads only `recipe.yaml` of a recipe folder.
  public static func recipe(folder: String) throws -> Recipe {
    let path = folder + "/" + recipeFile
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw RecipeError.unreadable(path: path, reason: "there is no readable recipe here")
    }
    return try Recipe(yaml: String(decoding: bytes, as: UTF8.self))
  }

  /// Writes both files into `folder`, which is made when absent; each file appears whole or not at
  /// all. Throws when the folder cannot be written.
  public func save(in folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var archive = model.archive()
    memory.store(in: &archive)
    try Data(archive.encoded())
      .write(to: URL(fileURLWithPath: folder + "/" + Self.modelFile), options: .atomic)
    try Self.save(recipe, in: folder)
  }

  /// Writes `recipe.yaml` alone, as `gemba recipe set-threshold` does.
  public static func save(_ recipe: Recipe, in folder: String) throws {
    try Data(recipe.yaml.utf8)
      .write(to: URL(fileURLWithPath: folder + "/" + recipeFile), options: .atomic)
  }

  /// Whether pixels count everywhere or only in regions.
  public var hasRegions: Bool { !recipe.include.isEmpty || !recipe.exclude.isEmpty }

  /// The recipe's regions drawn at a size. Throws when a mask has another size.
  public func regionMask(width: Int, height: Int) throws -> RegionMask {
    let regions =
      try recipe.include.map { Region.include(try shape($0)) }
      + recipe.exclude.map { Region.exclude(try shape($0)) }
    return try RegionMask(of: regions, width: width, height: height)
  }

  private func shape(_ region: RecipeRegion) throws -> RegionShape {
    switch region {
    case .rectangle(let x, let y, let width, let height):
      .rectangle(x: x, y: y, width: width, height: height)
    case .polygon(let corners): .polygon(corners.map { RegionPoint(x: $0[0], y: $0[1]) })
    case .mask(let file):
      if let mask = masks[file] {
        .mask(mask)
      } else {
        throw RecipeError.unreadable(path: file, reason: "the mask was not read with the recipe")
      }
    }
  }
}
