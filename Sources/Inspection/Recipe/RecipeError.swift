/// Why a recipe is refused; the caller puts the path in front.
public enum RecipeError: Error, Hashable, CustomStringConvertible {
  /// No such file in the recipe's folder, or it cannot be read.
  case unreadable(path: String, reason: String)
  /// Not YAML.
  case syntax(reason: String)
  case unknownKey(place: String, line: Int, key: String, nearest: String?)
  case missingKey(place: String, key: String)
  case wrongValue(place: String, found: String, expected: String)
  /// Written by a newer version.
  case newerFormat(found: Int, readable: Int)
  /// The model file is refused.
  case model(path: String, ModelError)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(path): \(reason); give the folder that `gemba teach --out` made"
    case .syntax(let reason): "recipe.yaml: not YAML: \(reason); correct the file"
    case .unknownKey(let place, let line, let key, let nearest):
      "\(place), line \(line): unknown key \(key); "
        + (nearest.map { "did you mean \($0)?" } ?? "remove it")
    case .missingKey(let place, let key): "\(place): \(key) is missing; add it"
    case .wrongValue(let place, let found, let expected):
      "\(place): found \(found), expected \(expected)"
    case .newerFormat(let found, let readable):
      "recipe.yaml: format \(found), this Gemba reads up to \(readable); update Gemba"
    case .model(let path, let error): "\(path): \(error)"
    }
  }
}
