import StrictYAML

/// Why a recipe is refused; the caller puts the path in front.
public enum RecipeError: Error, Hashable, CustomStringConvertible {
  /// No such file in the recipe's folder, or it cannot be read.
  case unreadable(path: String, reason: String)
  /// Not YAML, or a key or value that is not known.
  case content(YAMLError)
  /// Not a setting of the method.
  case unknownSetting(place: String, method: String, nearest: String?, known: [String])
  /// A setting that teaching used was changed since.
  case settingsChanged(file: String, taught: String, found: String)
  /// Written by a newer version.
  case newerFormat(file: String, found: Int, readable: Int)
  /// The model file is refused.
  case model(path: String, ModelError)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "\(path): \(reason); give the folder that `gemba teach --out` made"
    case .content(let error): error.description
    case .unknownSetting(let place, let method, let nearest, let known):
      "\(place): method \(method) has no such setting; "
        + (nearest.map { "did you mean \($0)?" } ?? "it has \(known.joined(separator: ", "))")
    case .settingsChanged(let file, let taught, let found):
      "\(file), settings: found \(found), the model was taught with \(taught); put them back, "
        + "or teach again with --set"
    case .newerFormat(let file, let found, let readable):
      "\(file): format \(found), this Gemba reads up to \(readable); update Gemba"
    case .model(let path, let error): "\(path): \(error)"
    }
  }
}
