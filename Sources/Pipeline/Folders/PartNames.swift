import Foundation
import Inspection

/// Which images show the same part: from a file where one is given, else by likeness.
public enum PartNames {
  /// Reads a file of lines `image,part`. Throws `PartsFileError`, or `PartNamesError` when there is
  /// no such file.
  public static func file(_ path: String) throws -> PartsFile {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw PartNamesError.unreadable(path: path)
    }
    return try PartsFile(parsing: String(decoding: bytes, as: UTF8.self), name: path)
  }

  /// Gives each of `images` its part: by `file` (an image that it does not name stays alone), or,
  /// without one, near-duplicates (`Thumbnails`) share a part, named by its first image. Good and defective images of one set
  /// are given together, so that a part that is good in one picture and bad in another is one part.
  /// Every image is read once.
  public static func assign(
    _ images: inout [TeachingImage], file: PartsFile?, _ workers: any Workers
  ) throws -> ImageFacts {
    let reading = images
    let read = try workers.map(images.count) { index in
      var rows = try reading[index].rows()
      return try Thumbnails.bytes(of: &rows)
    }
    var facts = ImageFacts(thumbnails: Thumbnails(), brightness: read.map(\.brightness))
    for image in read { facts.thumbnails.append(image.thumbnail) }
    if let file {
      for index in images.indices {
        images[index].part = file.part(of: images[index].name) ?? images[index].name
      }
    } else {
      let parts = Parts(count: images.count, pairs: try facts.thumbnails.siblings(workers: workers))
      for (index, name) in parts.names(of: images.map(\.name)).enumerated() {
        images[index].part = name
      }
    }
    return facts
  }
}

/// What reading images once tells of them, in their order.
public struct ImageFacts: Sendable {
  public var thumbnails: Thumbnails
  /// Mean gray levels, 0–255.
  public var brightness: [Double]
}

extension PartsFile {
  /// What to tell the user of those of `images` that the file does not name; nil when it names all.
  public func warning(of images: [String]) -> String? {
    let unnamed = images.filter { part(of: $0) == nil }
    return unnamed.first.map {
      "the groups file names no part, or more than one, for \(unnamed.count) of \(images.count) "
        + "images, the first \($0); each counts as a part of its own"
    }
  }
}

/// Why a groups file or a folder of pairs is refused before it is read.
public enum PartNamesError: Error, Hashable, CustomStringConvertible {
  case unreadable(path: String)
  case noPairs(folder: String)

  public var description: String {
    switch self {
    case .unreadable(let path): "\(path): the groups file cannot be read; check the path"
    case .noPairs(let folder): BatchItem.withoutPairs(folder)
    }
  }
}
