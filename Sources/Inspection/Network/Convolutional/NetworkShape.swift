/// The layers of a convolutional network and the sizes between them: convolutions, then the largest value
/// of each channel over all positions, then the outputs.
///
/// Values lie channels last: image, row, column, channel. What a convolution reads has a ring of zeros
/// one position wide. Channels are multiples of 16, the width of a kernel's panel.
struct NetworkShape: Hashable, Sendable {
  /// 3 × 3, then batch normalisation and ReLU; every `stride`-th position, 1 or 2.
  struct Convolution: Hashable, Sendable {
    var channels: Int
    var stride: Int
  }

  /// What the network reads.
  let input: FeatureMap
  let convolutions: [Convolution]
  /// Numbers that it gives for an image.
  let outputs: Int
  /// What each convolution reads, and last, without a border, what the last one gives.
  let maps: [FeatureMap]

  init(width: Int, height: Int, channels: Int, convolutions: [Convolution], outputs: Int) {
    precondition(width > 0 && height > 0 && channels > 0 && outputs > 0, "an empty network")
    precondition(!convolutions.isEmpty, "a network without convolutions")
    self.convolutions = convolutions
    self.outputs = outputs
    var map = FeatureMap(width: width, height: height, channels: channels, border: 0)
    var maps: [FeatureMap] = []
    for convolution in convolutions {
      maps.append(map.bordered)
      map = map.after(convolution)
    }
    maps.append(map)
    self.maps = maps
    input = maps[0]
  }

  /// What the last convolution gives.
  var lastMap: FeatureMap { maps[convolutions.count] }
  /// Channels of the last convolution: the values from which the outputs are computed.
  var pooled: Int { lastMap.channels }

  /// Outputs filled up to whole panels.
  var outputColumns: Int { (outputs + 15) / 16 * 16 }

  /// The number of floats in each list of parameters: three lists for each convolution (weights, gains,
  /// shifts), then weights and biases of the outputs.
  var parameterCounts: [Int] {
    var counts: [Int] = []
    for (index, convolution) in convolutions.enumerated() {
      let channels = convolution.channels
      counts += [9 * maps[index].channels * channels, channels, channels]
    }
    return counts + [pooled * outputColumns, outputColumns]
  }

  /// Where convolution `index` reads and writes.
  func geometry(_ index: Int) -> ConvolutionGeometry {
    ConvolutionGeometry(
      input: maps[index], output: maps[index + 1].bare, stride: convolutions[index].stride)
  }

  /// The index of the first list of parameters of convolution `index`; of the outputs behind the last.
  func firstParameters(_ index: Int) -> Int { 3 * index }
}

/// The size of what lies between two layers.
struct FeatureMap: Hashable, Sendable {
  var width: Int
  var height: Int
  var channels: Int
  /// Positions of zeros around it, 0 or 1.
  var border: Int

  /// Positions of a row, border and all.
  var pitch: Int { width + 2 * border }
  /// Values of an image, border and all.
  var count: Int { pitch * (height + 2 * border) * channels }
  /// Values before the first one of row `y`.
  func row(_ y: Int) -> Int { ((y + border) * pitch + border) * channels }

  /// The same without the border.
  var bare: FeatureMap {
    FeatureMap(width: width, height: height, channels: channels, border: 0)
  }

  /// The same with a border of one.
  var bordered: FeatureMap {
    FeatureMap(width: width, height: height, channels: channels, border: 1)
  }

  fileprivate func after(_ convolution: NetworkShape.Convolution) -> FeatureMap {
    let stride = convolution.stride
    precondition(stride == 1 || stride == 2, "a stride of \(stride), expected 1 or 2")
    precondition(
      convolution.channels > 0 && convolution.channels % 16 == 0,
      "\(convolution.channels) channels")
    return FeatureMap(
      width: (width + stride - 1) / stride, height: (height + stride - 1) / stride,
      channels: convolution.channels, border: 0)
  }
}
