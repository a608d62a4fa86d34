/// Why a model file is refused.
public enum ModelError: Error, Hashable, CustomStringConvertible {
  /// Not a model of this software.
  case foreign
  /// Written by a newer version.
  case newer(found: UInt32, readable: UInt32)
  /// Taught by an older version, which kept it in another way.
  case older
  /// Cut off or changed since it was written.
  case damaged(reason: String)
  /// Taught by another method than the recipe names.
  case otherMethod(found: String, expected: String)

  public var description: String {
    switch self {
    case .foreign: "not a Gemba model; teach the recipe again"
    case .newer(let found, let readable):
      "model version \(found), this Gemba reads up to \(readable); update Gemba or teach again"
    case .older: "the model was taught by an older version of Gemba; teach again"
    case .damaged(let reason): "the model is damaged: \(reason); restore the file or teach again"
    case .otherMethod(let found, let expected):
      "the model is of method \(found), the recipe says \(expected); restore the matching file"
    }
  }
}
