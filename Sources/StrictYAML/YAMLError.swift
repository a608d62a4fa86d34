/// Why a YAML text is refused. `place` begins with the file's name.
public enum YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Not YAML.
  case syntax(place: String, reason: String)
  case unknownKey(place: String, line: Int, key: String, nearest: String?)
  case missingKey(place: String, key: String)
  case wrongValue(place: String, found: String, expected: String)

  public var description: String {
    switch self {
    case .syntax(let place, let reason): "\(place): not YAML: \(reason); correct the file"
    case .unknownKey(let place, let line, let key, let nearest):
      "\(place), line \(line): unknown key \(key); "
        + (nearest.map { "did you mean \($0)?" } ?? "remove it")
    case .missingKey(let place, let key): "\(place): \(key) is missing; add it"
    case .wrongValue(let place, let found, let expected):
      "\(place): found \(found), expected \(expected)"
    }
  }
}
