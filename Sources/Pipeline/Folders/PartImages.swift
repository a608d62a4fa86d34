import Foundation
import Imaging
import Inspection

/// Teaching images below folders: names, classes and masks from where the files lie.
public enum PartImages {
  /// Images with more pixels are read row by row by those who can do without the whole.
  static let largePixels = 8 << 20

  /// Every image of `list` as a good part, each a part of its own until grouped.
  public static func good(_ list: ImageList, levels: Levels, limits: PNGLimits) -> [TeachingImage] {
    list.images.map { path in
      image(
        path, TeachingImage(name: path, part: path) { try frame(path, nil, levels, limits) },
        levels, limits)
    }
  }

  /// `image`, whose rows come from the file where that is large.
  private static func image(
    _ path: String, _ image: TeachingImage, _ levels: Levels, _ limits: PNGLimits
  ) -> TeachingImage {
    var image = image
    let read = image.rows
    image.rows = {
      try ImageRows.areLarge(path, from: largePixels)
        ? ImageRows.open(path, levels, limits) : read()
    }
    return image
  }

  /// Every image below `folder` as a defective part; the class is the folder right below `folder`
  /// that holds it (`defect` for images directly in it). `masks/CLASS/NAME.png` beside the folder
  /// marks the defect pixels where present.
  public static func defective(_ folder: String, levels: Levels, limits: PNGLimits)
    -> [TeachingImage]
  {
    let root = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let parent = PathText.folder(of: root)
    return ImageList(paths: [root]).images.map { path in
      let below = path.dropFirst(root.count + 1)
      let parts = below.split(separator: "/")
      let kind = parts.count > 1 ? String(parts[0]) : "defect"
      let mask = parent + "masks/" + below
      var read: (@Sendable () throws -> Plane)?
      if FileManager.default.fileExists(atPath: mask) {
        read = { try plane(mask, levels, limits) }
      }
      let labelled = TeachingImage(name: path, part: path, kind: kind, readMask: read) {
        try frame(path, nil, levels, limits)
      }
      return image(path, labelled, levels, limits)
    }
  }

  /// Every image below `folder` by the class that the folder right below it names; the class `good`
  /// makes good parts. Images directly in `folder` belong to no class and are left out, and so is a
  /// folder `masks`.
  public static func classes(_ folder: String, levels: Levels, limits: PNGLimits)
    -> (good: [TeachingImage], defects: [TeachingImage])
  {
    let root = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let all = defective(root, levels: levels, limits: limits).filter {
      $0.name.dropFirst(root.count + 1).contains("/") && $0.kind != "masks"
    }
    let good = all.filter { $0.kind == LearnedModel.good }.map { image in
      var good = image
      (good.kind, good.readMask) = (nil, nil)
      return good
    }
    return (good, all.filter { $0.kind != LearnedModel.good })
  }

  /// The pairs below `folder` with their labelled boxes, as good when no box is labelled. Throws
  /// `PartNamesError.noPairs` without one, or `BoxFileError`.
  public static func pairs(_ folder: String, levels: Levels, limits: PNGLimits) throws
    -> [TeachingImage]
  {
    let pairs = BatchItem.pairs(in: folder)
    guard !pairs.isEmpty else { throw PartNamesError.noPairs(folder: folder) }
    return try pairs.map { item in
      let labels = item.image.dropLast("_test.png".count) + ".txt"
      let boxes = try BoxFile.read(String(labels))
      return TeachingImage(
        name: item.image, part: item.image, kind: boxes.isEmpty ? nil : "defect", boxes: boxes
      ) { try frame(item.image, item.reference, levels, limits) }
    }
  }

  private static func frame(
    _ path: String, _ reference: String?, _ levels: Levels, _ limits: PNGLimits
  ) throws -> Frame {
    Frame(
      try plane(path, levels, limits),
      reference: try reference.map { try plane($0, levels, limits) })
  }

  private static func plane(_ path: String, _ levels: Levels, _ limits: PNGLimits) throws -> Plane {
    var decoder = PNGDecoder(limits: limits)
    return try decoder.decode(path: path).plane(levels: levels)
  }
}
