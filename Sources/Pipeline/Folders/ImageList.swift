import Foundation

/// The images that a user's paths stand for, each named by the path as given plus the path below it.
public struct ImageList: Sendable {
  /// In input order; a folder's images sorted by name, folders below it in their place.
  public private(set) var images: [String] = []
  /// Paths that lead nowhere, each with the reason; the batch lists them as not inspected.
  public private(set) var missing: [(path: String, reason: String)] = []
  /// Pictures of other formats in the folders, which are left out.
  private var others: [String] = []
  private static let otherFormats = [".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif", ".webp"]

  /// Looks up `paths`: an image file is taken as it is, a folder is read recursively with links
  /// followed (a loop of links is entered once), a pattern with `*`, `?` or `[` that names no
  /// existing file is matched by the rules of the shell.
  public init(paths: [String]) {
    for path in paths { add(path) }
  }

  /// What to tell the user of pictures that are no PNG; nil without any.
  public var warning: String? {
    others.first.map {
      "\(others.count) \(others.count == 1 ? "picture" : "pictures") of other formats left out, the "
        + "first \($0); convert them to PNG"
    }
  }

  private mutating func add(_ path: String) {
    if Self.isFolder(path) {
      var seen: Set<String> = []
      let before = images.count + missing.count
      addFolder(path, &seen)
      if images.count + missing.count == before {
        missing.append(
          (path, "\(path): there is no PNG image in this folder; give one that holds some"))
      }
    } else if FileManager.default.fileExists(atPath: path) {
      images.append(path)
    } else if path.contains(where: { "*?[".contains($0) }) {
      let matches = Self.matches(path)
      if matches.isEmpty {
        missing.append((path, "\(path): no file matches; check the pattern"))
      }
      for match in matches { add(match) }
    } else {
      // The reader words what is wrong with it, so that one fault has one text.
      images.append(path)
    }
  }

  private mutating func addFolder(_ folder: String, _ seen: inout Set<String>) {
    let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    guard seen.insert(real).inserted else { return }
    defer { seen.remove(real) }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      missing.append((folder, "\(folder): the folder cannot be read; check its permissions"))
      return
    }
    for name in names where !name.hasPrefix(".") {
      let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      if Self.isFolder(path) {
        addFolder(path, &seen)
      } else if !name.lowercased().hasSuffix(".png") {
        if Self.otherFormats.contains(where: name.lowercased().hasSuffix) { others.append(path) }
      } else if name.contains("\u{FFFD}") {
        missing.append((path, "\(path): the name is not in UTF-8; rename the file"))
      } else {
        images.append(path)
      }
    }
  }

  /// Whether `path` is a folder or a link to one.
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  private static func matches(_ pattern: String) -> [String] {
    var found = unsafe glob_t()
    defer { unsafe globfree(&found) }
    guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
    return unsafe (0..<Int(found.gl_pathc)).compactMap { index in
      unsafe found.gl_pathv[index].map { unsafe String(cString: $0) }
    }
  }
}
