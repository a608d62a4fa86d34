import FactoryModel
import Imaging
import Inspection
import Reports
import Storage

extension CameraPart {
  /// Of a kept picture: about what a screen shows of it.
  private static let pictureBytes = 40_000
  /// Heat is smooth; fewer pixels show it as well.
  private static let heatBytes = 20_000

  /// The part with its defects marked, and where the method saw them, small enough to be kept for
  /// long; nil unless rejected.
  var picture: VerdictPicture? {
    guard inspected.verdict.outcome == .reject, inspected.plane != nil else { return nil }
    let marked = inspected.small(mostBytes: Self.pictureBytes) { plane, small in
      Overlay.picture(plane, small.pictured)
    }
    let scale = heatScale
    let heat = inspected.map.map { _ in
      inspected.small(mostBytes: Self.heatBytes) { plane, small in
        small.picturedMap.map { HeatMap.picture(plane, $0.grid(scale)) } ?? ColourPicture(plane)
      }
    }
    return VerdictPicture(
      time: time, camera: camera, image: inspected.verdict.image, png: marked, heat: heat)
  }
}

extension InspectedPart {
  /// A drawing of the part as PNG: at the largest of some sizes at which it is not above `mostBytes`, in
  /// 32 steps a colour, which makes noise cheaper to keep. Frames and letters are drawn at that size.
  fileprivate func small(
    mostBytes: Int, _ draw: (Plane, InspectedPart) -> ColourPicture
  ) -> [UInt8] {
    var png: [UInt8] = []
    for side in [512, 384, 256, 192, 128, 64] {
      let small = shrunk(to: side)
      guard let plane = small.plane else { break }
      var picture = draw(plane, small)
      // Steps from 0 to 255, so that black and white stay.
      picture.rgb = picture.rgb.map { $0 & 0xF8 | $0 >> 5 }
      png = PNGEncoder.encode(picture)
      if png.count <= mostBytes { break }
    }
    return png
  }

  /// With its plane at most about `side` pixels wide and high, as far as whole squares allow.
  private func shrunk(to side: Int) -> InspectedPart {
    guard let plane else { return self }
    let needed = (max(plane.width, plane.height) + side - 1) / side
    let factor = min(needed, plane.width, plane.height)
    guard factor > 1 else { return self }
    var small = self
    small.plane = plane.shrunk(by: factor)
    small.shrink *= factor
    return small
  }
}
