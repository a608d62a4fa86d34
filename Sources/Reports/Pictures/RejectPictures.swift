import FactoryModel
import Foundation
import Imaging
import Plant
import Storage

/// Pictures of rejected parts with their defects marked, drawn anew from what the cameras wrote;
/// where that is gone, the small one that the monitor kept.
public struct RejectPictures: Sendable {
  private let folders: [String: String]
  private let record: PlantRecord?

  /// - Parameters:
  ///   - folders: of each camera, by its name, seen from the working directory.
  ///   - record: which keeps small pictures; nil for none.
  public init(folders: [String: String], record: PlantRecord? = nil) {
    self.folders = folders
    self.record = record
  }

  /// Larger images would take too long and too much memory for a report.
  private static let mostPixels = 1 << 24
  /// Of all pictures of a report, before they become text.
  private static let mostBytes = 4 << 20

  /// A picture of each reject, small enough for a page; together at most 4 MiB.
  func pictures(of rejects: [CameraVerdict]) -> [RejectPicture] {
    var left = Self.mostBytes
    return rejects.map { reject in
      let picture = picture(of: reject)
      guard let bytes = picture.bytes ?? (try? record?.picture(of: reject))?.png else {
        return picture
      }
      guard bytes.count <= left else { return .none(.pageFull) }
      left -= bytes.count
      return .png(bytes)
    }
  }

  /// The whole picture of a reject, PNG: as large as the camera wrote it, else the small one; nil
  /// where there is neither.
  public func whole(of reject: CameraVerdict) -> [UInt8]? {
    if case .drawn(let picture) = draw(reject) { return PNGEncoder.encode(picture) }
    return (try? record?.picture(of: reject))?.png
  }

  private func picture(of reject: CameraVerdict) -> RejectPicture {
    switch draw(reject) {
    case .drawn(let picture): .png(PNGEncoder.encode(picture.forPage))
    case .none(let reason): .none(reason)
    }
  }

  private enum Drawing {
    case drawn(ColourPicture)
    case none(RejectPicture.Reason)
  }

  /// Marks the defects in what the camera wrote.
  private func draw(_ reject: CameraVerdict) -> Drawing {
    guard let folder = folders[reject.camera] else { return .none(.gone) }
    let path = folder + "/" + reject.verdict.image
    // A camera that counts its images from 0 again writes over those of the day before.
    guard let changed = Timestamp(fileChangedAt: path) else { return .none(.gone) }
    guard changed == reject.time else { return .none(.replaced) }
    guard let header = PNGHeader(path: path),
      header.width <= Self.mostPixels / max(header.height, 1)
    else { return .none(.tooLarge) }
    var decoder = PNGDecoder(limits: PNGLimits(maximumPixels: Self.mostPixels))
    guard let image = try? decoder.decode(path: path) else { return .none(.unreadable) }
    return .drawn(Overlay.picture(image.plane(levels: .full), reject.verdict.defects))
  }
}

/// A picture on a page, or why there is none.
enum RejectPicture: Sendable {
  case png([UInt8])
  case none(Reason)

  var bytes: [UInt8]? { if case .png(let bytes) = self { bytes } else { nil } }

  enum Reason: Sendable {
    case gone
    case replaced
    case tooLarge
    case unreadable
    case pageFull

    func text(_ language: ReportLanguage) -> String {
      switch self {
      case .gone: language.text("The image is no longer there.", "图像已不存在。")
      case .replaced: language.text("The image has been written over.", "图像已被覆盖。")
      case .tooLarge: language.text("The image is too large for this page.", "图像过大，未嵌入。")
      case .unreadable: language.text("The image cannot be read.", "图像无法读取。")
      case .pageFull:
        language.text("Left out: the page would become too large.", "页面过大，图片省略。")
      }
    }
  }
}
