import FactoryModel
import Imaging

/// A picture of a part with its defects framed and named.
public enum Overlay {
  private typealias Colour = (UInt8, UInt8, UInt8)

  /// Labels beyond this many would cover the part.
  private static let mostLabels = 12

  /// A rectangle in pixels.
  private struct Box {
    var left: Int
    var top: Int
    var width: Int
    var height: Int

    func overlaps(_ other: Box) -> Bool {
      left < other.left + other.width && other.left < left + width
        && top < other.top + other.height && other.top < top + height
    }
  }

  /// The plane in gray with a frame round every defect and its class and score beside it; the worst is
  /// red, the others amber. Frames stand two pixels off the defect; frames and letters grow with the
  /// picture. Where `mask` (of the plane's size, > 127 is defect) is given, the pixels that a person
  /// marked are outlined in blue.
  public static func picture(_ plane: Plane, _ defects: [Defect], mask: Plane? = nil)
    -> ColourPicture
  {
    var picture = ColourPicture(plane)
    if let mask, mask.width == plane.width, mask.height == plane.height {
      outline(mask, on: &picture)
    }
    let thickness = max(1, min(plane.width, plane.height) / 200)
    for (rank, defect) in defects.enumerated().reversed() {
      for ring in 0..<thickness {
        frame(frameBox(defect, gap: 2 + ring), colour(rank), on: &picture)
      }
    }
    var taken: [Box] = []
    for (rank, defect) in defects.prefix(mostLabels).enumerated() {
      label(defect, colour(rank), gap: 2 + thickness, &taken, on: &picture)
    }
    return picture
  }

  private static func colour(_ rank: Int) -> Colour { rank == 0 ? (255, 64, 32) : (255, 176, 0) }

  private static func frameBox(_ defect: Defect, gap: Int) -> Box {
    Box(
      left: defect.x - gap, top: defect.y - gap, width: defect.width + 2 * gap,
      height: defect.height + 2 * gap)
  }

  private static func frame(_ box: Box, _ colour: Colour, on picture: inout ColourPicture) {
    func clampX(_ x: Int) -> Int { min(max(x, 0), picture.width - 1) }
    func clampY(_ y: Int) -> Int { min(max(y, 0), picture.height - 1) }
    let (left, right) = (clampX(box.left), clampX(box.left + box.width - 1))
    let (top, bottom) = (clampY(box.top), clampY(box.top + box.height - 1))
    for x in left...right {
      picture.set(x, top, colour)
      picture.set(x, bottom, colour)
    }
    for y in top...bottom {
      picture.set(left, y, colour)
      picture.set(right, y, colour)
    }
  }

  /// Class and score on a dark ground, above the frame or, where that is taken or outside, below it,
  /// to its right or left; left out where no place is free.
  private static func label(
    _ defect: Defect, _ colour: Colour, gap: Int, _ taken: inout [Box],
    on picture: inout ColourPicture
  ) {
    let score = defect.score.fourDigits
    let kind = defect.kind.count > 16 ? defect.kind.prefix(15) + "…" : defect.kind[...]
    let text = kind == "defect" ? score : kind + " " + score
    let scale = max(1, min(picture.width, picture.height) / 300)
    let frame = frameBox(defect, gap: gap)
    let width = (PixelFont.width(of: text) + 4) * scale
    let height = (PixelFont.height + 4) * scale
    let x = min(max(frame.left, 0), max(picture.width - width, 0))
    let y = min(max(frame.top, 0), max(picture.height - height, 0))
    let places = [
      (x, frame.top - height), (x, frame.top + frame.height), (frame.left + frame.width, y),
      (frame.left - width, y),
    ].map { Box(left: $0.0, top: $0.1, width: width, height: height) }
    let inside = Box(left: 0, top: 0, width: picture.width, height: picture.height)
    let free = places.first { place in
      place.left >= 0 && place.left + width <= inside.width && place.top >= 0
        && place.top + height <= inside.height && !taken.contains(where: place.overlaps)
    }
    guard let free else { return }
    taken.append(free)
    picture.fill(left: free.left, top: free.top, width: width, height: height, (24, 24, 24))
    PixelFont.draw(
      text, x: free.left + 2 * scale, y: free.top + 2 * scale, scale: scale, colour, on: &picture)
  }

  /// The marked pixels that touch unmarked ones.
  private static func outline(_ mask: Plane, on picture: inout ColourPicture) {
    func isMarked(_ x: Int, _ y: Int) -> Bool {
      x >= 0 && x < mask.width && y >= 0 && y < mask.height && mask[x, y] > 127
    }
    for y in 0..<mask.height {
      for x in 0..<mask.width where isMarked(x, y) {
        let isInner =
          isMarked(x - 1, y) && isMarked(x + 1, y) && isMarked(x, y - 1) && isMarked(x, y + 1)
        if !isInner { picture.set(x, y, (64, 160, 255)) }
      }
    }
  }
}
