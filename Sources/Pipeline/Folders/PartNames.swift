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
  /// without one, near-duplicates (`Thumbnails`) share a part. Returns the thumbnails.
  public static func assign(
    _ images: inout [TeachingImage], file: PartsFile?, _ workers: any Workers
  ) throws -> Thumbnails {
    let reading = images
    let small = try workers.map(images.count) {
      Thumbnails.bytes(of: try reading[$0].read().plane)
    }
    var thumbnails = Thumbnails()
    for bytes in small { thumbnails.append(bytes) }
    if let file {
      for index in images.indices {
        images[index].part = file.part(of: images[index].name) ?? images[index].name
      }
    } else {
      let parts = Parts(count: images.count, pairs: try thumbnails.pairs(workers: workers))
      for (index, name) in parts.names.enumerated() { images[index].part = name }
    }
    return thumbnails
  }
}

/// Why a groups file is refused before it is read.
public enum PartNamesError: Error, Hashable, CustomStringConvertible {
  case unreadable(path: String)

  public var description: String {
    switch self {
    case .unreadable(let path): "\(path): the groups file cannot be read; check the path"
    }
  }
}
