/// Paths as text; `NSString.deletingLastPathComponent` crashes on a name of one letter.
enum PathText {
  /// What stands before a file's name, with the `/` at its end; empty for a name alone.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// A path that is relative to a folder, which ends with `/` or is empty.
  static func resolved(_ name: String, in folder: String) -> String {
    name.hasPrefix("/") ? name : folder + name
  }
}
