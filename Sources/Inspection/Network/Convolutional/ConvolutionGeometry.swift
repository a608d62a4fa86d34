import Kernels

/// Where a 3 × 3 convolution with a ring of zeros reads and writes, forward and back.
struct ConvolutionGeometry {
  let input: FeatureMap
  let output: FeatureMap
  let stride: Int

  /// From the input of image `image` to its outputs in a map like `target`, `output` with a border or
  /// without.
  func forward(image: Int, into target: FeatureMap) -> PatchGeometry {
    var at = PatchGeometry()
    at.first = image * input.count
    at.columnStride = stride * input.channels
    at.rowStride = stride * input.pitch * input.channels
    at.runs = (0..<3).map { $0 * input.pitch * input.channels }
    at.runLength = 3 * input.channels
    (at.width, at.height) = (output.width, output.height)
    at.outFirst = image * target.count + target.row(0)
    at.outColumnStride = target.channels
    at.outRowStride = target.pitch * target.channels
    return at
  }

  /// `forward` into the bordered map, in strips of rows whose patches fit the nearest cache.
  func strips(image: Int) -> [PatchGeometry] {
    let whole = forward(image: image, into: output.bordered)
    let rows = max(1, 64 / output.width)
    return stride(from: 0, to: output.height, by: rows).map { y in
      var strip = whole
      strip.first += y * whole.rowStride
      strip.outFirst += y * whole.outRowStride
      strip.height = min(rows, output.height - y)
      return strip
    }
  }

  private func stride(from: Int, to: Int, by: Int) -> StrideTo<Int> {
    Swift.stride(from: from, to: to, by: by)
  }

  /// One piece of the way back: slopes at the outputs, bordered, to slopes at the inputs, bare.
  struct Backward {
    /// Taps along y and x in the order in which they are read.
    var rowTaps: [Int]
    var columnTaps: [Int]
    /// The first input position and the step between positions.
    var x: Int
    var y: Int
    var step: Int
  }

  /// With stride 1 one piece: position i receives tap k from output i + 1 − k. With stride 2 four, by
  /// even and odd: an even position 2j receives tap 1 from output j; an odd one 2j + 1 receives
  /// tap 2 from j and tap 0 from j + 1.
  var backward: [Backward] {
    guard stride == 2 else {
      return [Backward(rowTaps: [2, 1, 0], columnTaps: [2, 1, 0], x: 0, y: 0, step: 1)]
    }
    let taps = [[1], [2, 0]]
    return [(0, 0), (1, 0), (0, 1), (1, 1)]
      .filter { $0.0 < input.width && $0.1 < input.height }
      .map { Backward(rowTaps: taps[$0.1], columnTaps: taps[$0.0], x: $0.0, y: $0.1, step: 2) }
  }

  /// Where a piece reads and writes for image `image`.
  func back(_ piece: Backward, image: Int) -> PatchGeometry {
    let slopes = output.bordered
    let bare = input.bare
    let offset = stride == 2 ? 1 : 0
    var at = PatchGeometry()
    at.first = image * slopes.count + offset * (slopes.pitch + 1) * slopes.channels
    at.columnStride = slopes.channels
    at.rowStride = slopes.pitch * slopes.channels
    at.runs = piece.rowTaps.indices.map { $0 * slopes.pitch * slopes.channels }
    at.runLength = piece.columnTaps.count * slopes.channels
    at.width = (input.width - piece.x + piece.step - 1) / piece.step
    at.height = (input.height - piece.y + piece.step - 1) / piece.step
    at.outFirst = image * bare.count + bare.row(piece.y) + piece.x * bare.channels
    at.outColumnStride = piece.step * bare.channels
    at.outRowStride = piece.step * bare.pitch * bare.channels
    return at
  }

  /// The weights of a piece: inputs and outputs change places.
  func weights(_ piece: Backward, from weights: [Float]) -> [Float] {
    let source = weights.span
    let inner = piece.rowTaps.count * piece.columnTaps.count * output.channels
    var turned = [Float](repeating: 0, count: inner * input.channels)
    var target = turned.mutableSpan
    var k = 0
    for row in piece.rowTaps {
      for column in piece.columnTaps {
        let tap = (row * 3 + column) * input.channels
        for o in 0..<output.channels {
          let panel = o / 16 * 9 * input.channels + tap
          for i in 0..<input.channels {
            target[(i / 16 * inner + k) * 16 + i % 16] = source[(panel + i) * 16 + o % 16]
          }
          k += 1
        }
      }
    }
    return turned
  }
}
