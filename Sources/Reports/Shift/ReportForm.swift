/// What a report is written as.
public enum ReportForm: String, CaseIterable, Hashable, Sendable {
  case html
  case markdown
  case json
  case csv
  /// The inspected parts alone.
  case junit
  case pdf

  /// How a file of this form ends.
  public var fileEnding: String {
    switch self {
    case .html, .json, .csv, .pdf: rawValue
    case .markdown: "md"
    case .junit: "xml"
    }
  }

  /// The form that a file's name speaks of, HTML where it says nothing.
  public init(path: String) {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.split(separator: ".").last.map { $0.lowercased() }
    self = Self.allCases.first { $0.fileEnding == ending } ?? .html
  }
}
