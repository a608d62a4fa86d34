/// The largest value of each window of a map, per channel, and where it was.
struct Pooling {
  let from: FeatureMap
  let to: FeatureMap
  /// Positions of a window on each axis.
  let width: Int
  let height: Int

  /// The pool that `layer` is, nil when it is none.
  init?(_ layer: NetworkShape.Layer, from: FeatureMap, to: FeatureMap) {
    precondition(from.border == 0, "a pool reads a bare map")
    self.from = from
    self.to = to
    switch layer {
    case .globalMaximum: (width, height) = (from.width, from.height)
    case .maximumPool: (width, height) = (2, 2)
    case .convolution, .dense: return nil
    }
  }

  /// Pools `images` maps of `values` into `target`; the places of the largest go into `winners`.
  func forward(
    _ values: [Float], images: Int, into target: inout [Float], winners: inout [Int32]
  ) {
    let source = values.span
    var out = target.mutableSpan
    var winner = winners.mutableSpan
    var place = 0
    for image in 0..<images {
      for y in 0..<to.height {
        let start = image * to.floats + to.row(y)
        let row = image * from.floats + from.row(y * height)
        for x in 0..<to.width {
          for channel in 0..<to.channels {
            let best = largest(source, row + x * width * from.channels + channel)
            out[start + x * to.channels + channel] = source[best]
            winner[place] = Int32(best)
            place += 1
          }
        }
      }
    }
  }

  private func largest(_ source: Span<Float>, _ corner: Int) -> Int {
    var best = corner
    for v in 0..<height {
      var at = corner + v * from.pitch * from.channels
      for _ in 0..<width {
        if source[at] > source[best] { best = at }
        at += from.channels
      }
    }
    return best
  }

  /// Slopes at the largest values; 0 elsewhere.
  func backward(_ slopes: [Float], winners: [Int32], images: Int, into target: inout [Float]) {
    let source = slopes.span
    let winner = winners.span
    var out = target.mutableSpan
    for i in out.indices { out[i] = 0 }
    for i in 0..<images * to.bare.floats { out[Int(winner[i])] += source[i] }
  }
}
