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
