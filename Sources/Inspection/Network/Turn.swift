/// A square image turned, mirrored and shifted; what comes in from outside repeats the edge.
struct Turn {
  let side: Int
  var quarters = 0
  var isMirrored = false
  var shiftX = 0
  var shiftY = 0

  init(side: Int) { self.side = side }

  func turned(_ levels: [UInt8]) -> [UInt8] {
    let last = side - 1
    let source = levels.span
    var out = levels
    var target = out.mutableSpan
    for y in 0..<side {
      let v = min(max(y + shiftY, 0), last)
      for x in 0..<side {
        let moved = min(max(x + shiftX, 0), last)
        let u = isMirrored ? last - moved : moved
        let at =
          switch quarters {
          case 0: v * side + u
          case 1: u * side + (last - v)
          case 2: (last - v) * side + (last - u)
          default: (last - u) * side + v
          }
        target[y * side + x] = source[at]
      }
    }
    return out
  }
}

/// A square image tilted and resized about its middle, between pixels by bilinear interpolation; what
/// comes in from outside repeats the edge.
struct Tilt {
  let side: Int
  let radians: Float
  /// Above 1 less of the image is seen, larger.
  let size: Float

  func tilted(_ levels: [UInt8]) -> [UInt8] {
    let along = Float(MathFunctions.cos(Double(radians))) / size
    let across = Float(MathFunctions.sin(Double(radians))) / size
    let middle = Float(side - 1) / 2
    // Just below the last pixel, so that the one behind it is never read.
    let last = Float(side - 1) - 0.001
    let source = levels.span
    var out = levels
    var target = out.mutableSpan
    for y in 0..<side {
      let v = Float(y) - middle
      for x in 0..<side {
        let u = Float(x) - middle
        let fromX = min(max(along * u - across * v + middle, 0), last)
        let fromY = min(max(across * u + along * v + middle, 0), last)
        let at = Int(fromY) * side + Int(fromX)
        let (shareX, shareY) = (fromX - Float(Int(fromX)), fromY - Float(Int(fromY)))
        let above = Float(source[at]) * (1 - shareX) + Float(source[at + 1]) * shareX
        let below =
          Float(source[at + side]) * (1 - shareX) + Float(source[at + side + 1]) * shareX
        target[y * side + x] = UInt8(above * (1 - shareY) + below * shareY + 0.5)
      }
    }
    return out
  }
}
