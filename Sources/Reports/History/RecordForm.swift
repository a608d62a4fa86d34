/// How lines of the record are printed.
public enum RecordForm: Hashable, Sendable, CaseIterable {
  /// RFC 4180 with a heading; lines end in LF.
  case csv
  /// One JSON object a line.
  case json
  /// Columns for people.
  case table
}
