import Foundation
import Imaging
import Inspection

/// A folder whose layout says what each image shows: `good/…`, `defect/CLASS/…`, and masks of the
/// defects in `masks/CLASS/NAME.png`; or, without `defect`, a folder per class.
public struct LabelledFolder: Sendable {
  /// Good images first, then the defective ones.
  public var images: [TeachingImage]

  /// Images whose labels are known.
  public init(images: [TeachingImage]) { self.images = images }

  /// Lists the images below `folder`. Throws `LabelledFolderError` without a good or a defective one.
  public init(_ folder: String, levels: Levels, limits: PNGLimits) throws(LabelledFolderError) {
    let root = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let goodFolder = root + "/good"
    let defectFolder = root + "/defect"
    if !ImageList.isFolder(defectFolder) {
      let (good, others) = PartImages.classes(root, levels: levels, limits: limits)
      images = good + others
      if Set(images.map { $0.kind ?? LearnedModel.good }).count > 1 { return }
    }
    for path in [goodFolder, defectFolder] where !ImageList.isFolder(path) {
      throw LabelledFolderError.missing(folder: root, wanted: path)
    }
    images =
      PartImages.good(ImageList(paths: [goodFolder]), levels: levels, limits: limits)
      + PartImages.defective(defectFolder, levels: levels, limits: limits)
    if images.isEmpty { throw LabelledFolderError.empty(folder: root) }
  }
}

/// Why a folder cannot be evaluated.
public enum LabelledFolderError: Error, Hashable, CustomStringConvertible {
  case missing(folder: String, wanted: String)
  case empty(folder: String)

  public var description: String {
    switch self {
    case .missing(let folder, let wanted):
      "\(folder): there is no folder \(wanted); put good parts into good/ and defective ones into "
        + "defect/CLASS/"
    case .empty(let folder): "\(folder): there is no PNG image below good/ and defect/; add some"
    }
  }
}
