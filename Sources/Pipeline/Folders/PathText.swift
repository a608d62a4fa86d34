/// Paths as text; `NSString.deletingLastPathComponent` crashes on a name of one letter.
public enum PathText {
  /// A path as it stands in a command line that is shown to be copied: in single quotes where a shell
  /// would not take it as one plain word.
  public static func inShell(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { byte in
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "/._-+:,@%=".utf8.contains(byte)
    }
    guard !isPlain || path.isEmpty else { return path }
    let parts = path.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "'\\''") + "'"
  }

  /// What stands before a file's name, with the `/` at its end; empty for a name alone.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// A path that is relative to a folder, which ends with `/` or is empty.
  static func resolved(_ name: String, in folder: String) -> String {
    name.hasPrefix("/") ? name : folder + name
  }
}
