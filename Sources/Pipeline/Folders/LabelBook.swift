import Foundation
import Imaging
import Inspection

/// A data set that grows by what people say of images: `good/` and `defect/CLASS/`, as `gemba teach` and
/// `gemba evaluate` read it.
public struct LabelBook: Sendable {
  private let folder: String

  /// What became of an image.
  public enum Change: Hashable, Sendable {
    /// Copied to this path.
    case added(String)
    /// It was there already.
    case unchanged(String)
    /// Taken out of one class and copied into another.
    case moved(from: String, to: String)
  }

  /// The data set in `folder`, which need not exist yet.
  public init(_ folder: String) {
    self.folder = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
  }

  /// Copies the image at `path` into class `kind`, `good` for a good part, and out of any other class
  /// that holds the same bytes under the same name. An image of that name with other bytes stays, and
  /// the new one gets a number. Throws `LabelBookError`.
  public func add(_ path: String, as kind: String) throws -> Change {
    guard !kind.isEmpty, !kind.hasPrefix("."), !kind.contains("/") else {
      throw LabelBookError.className(kind)
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw LabelBookError.unreadable(path: path)
    }
    guard bytes.starts(with: PNGDecoder.signature) else { throw LabelBookError.notPNG(path: path) }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let target = place(of: kind)
    let earlier = try otherPlaces(than: target).map { $0 + "/" + name }.first {
      FileManager.default.contents(atPath: $0) == bytes
    }
    let (copy, isThere) = free(name, in: target, for: bytes)
    if !isThere {
      do {
        try FileManager.default.createDirectory(
          atPath: target, withIntermediateDirectories: true)
      } catch { throw LabelBookError.unwritable(path: target) }
      try DurableFile.write(Array(bytes), to: copy)
    }
    guard let earlier else { return isThere ? .unchanged(copy) : .added(copy) }
    try FileManager.default.removeItem(atPath: earlier)
    return .moved(from: earlier, to: copy)
  }

  private func place(of kind: String) -> String {
    folder + (kind == LearnedModel.good ? "/good" : "/defect/\(kind)")
  }

  private func otherPlaces(than target: String) throws -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/defect")) ?? []
    let all = [place(of: LearnedModel.good)] + names.sorted().map { folder + "/defect/" + $0 }
    return all.filter { $0 != target }
  }

  /// A path in `target` that is free or holds these very bytes.
  private func free(_ name: String, in target: String, for bytes: Data) -> (String, Bool) {
    let dot = name.lastIndex(of: ".") ?? name.endIndex
    for number in 1... {
      let path = target + "/" + name[..<dot] + (number > 1 ? "-\(number)" : "") + name[dot...]
      guard let there = FileManager.default.contents(atPath: path) else { return (path, false) }
      if there == bytes { return (path, true) }
    }
    preconditionFailure("every number is taken")
  }
}

/// Why an image cannot be labelled.
public enum LabelBookError: Error, Hashable, CustomStringConvertible {
  case className(String)
  case unreadable(path: String)
  case notPNG(path: String)
  case unwritable(path: String)

  public var description: String {
    switch self {
    case .className(let name):
      "class “\(name)”: it becomes a folder, so it must not be empty, hold a / or start with a dot"
    case .unreadable(let path): "\(path): the image cannot be read; check the path"
    case .notPNG(let path): "\(path): not a PNG file; convert the image to PNG"
    case .unwritable(let path): "\(path): the folder cannot be made; check its permissions"
    }
  }
}
