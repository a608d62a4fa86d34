import FactoryModel
import Imaging

/// A picture of a part with its defects framed.
public enum Overlay {
  /// The plane in gray with a frame round every defect; the worst is the brightest. Frames stand two
  /// pixels off the defect and grow with the picture.
  public static func picture(_ plane: Plane, _ defects: [Defect]) -> ColourPicture {
    var picture = ColourPicture(plane)
    let thickness = max(1, min(plane.width, plane.height) / 200)
    for (rank, defect) in defects.enumerated().reversed() {
      let colour: (UInt8, UInt8, UInt8) = rank == 0 ? (255, 64, 32) : (255, 176, 0)
      for ring in 0..<thickness {
        let gap = 2 + ring
        frame(
          &picture, left: defect.x - gap, top: defect.y - gap,
          right: defect.x + defect.width - 1 + gap, bottom: defect.y + defect.height - 1 + gap,
          colour)
      }
    }
    return picture
  }

  private static func frame(
    _ picture: inout ColourPicture, left: Int, top: Int, right: Int, bottom: Int,
    _ colour: (UInt8, UInt8, UInt8)
  ) {
    func clampX(_ x: Int) -> Int { min(max(x, 0), picture.width - 1) }
    func clampY(_ y: Int) -> Int { min(max(y, 0), picture.height - 1) }
    for x in clampX(left)...max(clampX(left), clampX(right)) {
      picture.set(x, clampY(top), colour)
      picture.set(x, clampY(bottom), colour)
    }
    for y in clampY(top)...max(clampY(top), clampY(bottom)) {
      picture.set(clampX(left), y, colour)
      picture.set(clampX(right), y, colour)
    }
  }
}

extension ColourPicture {
  /// Sets pixel (x, y).
  mutating func set(_ x: Int, _ y: Int, _ colour: (UInt8, UInt8, UInt8)) {
    let at = 3 * (y * width + x)
    rgb[at] = colour.0
    rgb[at + 1] = colour.1
    rgb[at + 2] = colour.2
  }
}
