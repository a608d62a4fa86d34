import Imaging

/// A picture mirrored left to right, top to bottom, both or not at all; the finish runs as before.
struct Mirror {
  let width: Int
  let height: Int
  var isLeftRight = false
  var isTopBottom = false

  /// The four, the picture as it is first.
  static func all(width: Int, height: Int) -> [Mirror] {
    (0..<4).map { number in
      Mirror(
        width: width, height: height, isLeftRight: number & 1 != 0, isTopBottom: number & 2 != 0)
    }
  }

  var isIdentity: Bool { !isLeftRight && !isTopBottom }

  /// Where pixel (x, y) of the mirrored picture lies in the picture, and the other way round.
  func place(_ x: Int, _ y: Int) -> (x: Int, y: Int) {
    (isLeftRight ? width - 1 - x : x, isTopBottom ? height - 1 - y : y)
  }

  /// A plane of the mirror's size, mirrored.
  func mirrored(_ plane: Plane) -> Plane {
    guard !isIdentity else { return plane }
    var out = plane
    for y in 0..<height {
      for x in 0..<width {
        let from = place(x, y)
        out[x, y] = plane[from.x, from.y]
      }
    }
    return out
  }
}
