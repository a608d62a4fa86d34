import StrictYAML

/// Who may come in: the operators file.
public struct OperatorList: Hashable, Sendable {
  /// Sorted by name, each name once.
  public private(set) var operators: [Operator]

  /// Nobody yet.
  public init() {
    operators = []
  }

  /// Reads an operators file.
  /// - Parameter file: its name, for messages.
  /// - Throws: `YAMLError` with line and mend.
  public init(yaml: String, file: String) throws {
    self.init()
    guard let document = try YAMLValue.document(yaml, file: file) else { return }
    let items = try document.mapping(keys: ["operators"]).items("operators") { $0 }
    for item in items {
      let mapping = try item.mapping(keys: ["name", "role", "password"])
      let name = try mapping.required("name", mapping.string("name"))
      guard Self.isName(name), self[name] == nil else {
        throw item.wrong("a name of 1 to 80 characters without colon, once")
      }
      let text = try mapping.required("password", mapping.string("password"))
      guard let password = PasswordHash(stored: text) else {
        // The text is not shown: somebody may have written the password itself.
        throw YAMLError.wrongValue(
          place: "\(file), \(name), password", found: "no hash that libcrypt knows",
          expected: "what gemba operators passwd writes")
      }
      operators.append(
        Operator(
          name: name, role: try mapping.required("role", mapping.choice("role")),
          password: password))
    }
    operators.sort { $0.name < $1.name }
  }

  /// Whether the journal, HTTP and the file can hold it as a name.
  public static func isName(_ name: String) -> Bool {
    (1...80).contains(name.count) && name.first != " " && name.last != " "
      && name.unicodeScalars.allSatisfy {
        $0 != ":" && $0.properties.generalCategory != .control
      }
  }

  /// The one of that name.
  public subscript(_ name: String) -> Operator? { operators.first { $0.name == name } }

  /// Adds somebody, or replaces the one of that name.
  public mutating func put(_ person: Operator) {
    operators.removeAll { $0.name == person.name }
    operators.append(person)
    operators.sort { $0.name < $1.name }
  }

  /// Removes the one of that name, if there is one.
  public mutating func remove(_ name: String) {
    operators.removeAll { $0.name == name }
  }

  /// The file's text.
  public var yaml: String {
    let lines = operators.map {
      "  - {name: \(quoted($0.name)), role: \($0.role.rawValue), "
        + "password: \(quoted($0.password.description))}\n"
    }
    return "# Written by gemba operators; passwords are hashed.\noperators:"
      + (lines.isEmpty ? " []\n" : "\n" + lines.joined())
  }

  private func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
