/// The layers of a convolutional network and the sizes between them.
///
/// Values lie channels last: image, row, column, channel. What a convolution reads has a ring of zeros
/// one position wide. Channels and units are multiples of 16, the width of a kernel's panel.
struct NetworkShape: Hashable, Sendable {
  enum Layer: Hashable, Sendable {
    /// 3 × 3, then batch normalisation and ReLU; every `stride`-th position, 1 or 2.
    case convolution(channels: Int, stride: Int)
    /// The largest of each 2 × 2 positions; an odd last row or column is left out.
    case maximumPool
    /// The largest of all positions, per channel.
    case globalMaximum
    /// Every value to every unit, then ReLU.
    case dense(units: Int)
  }

  /// What the network reads.
  let input: FeatureMap
  let layers: [Layer]
  /// Numbers that it gives for an image; several heads share them out.
  let outputs: Int
  /// What each layer reads, and last what the outputs are computed from.
  let maps: [FeatureMap]

  init(width: Int, height: Int, channels: Int, layers: [Layer], outputs: Int) {
    precondition(width > 0 && height > 0 && channels > 0 && outputs > 0, "an empty network")
    self.layers = layers
    self.outputs = outputs
    var map = FeatureMap(width: width, height: height, channels: channels, border: 0)
    var maps: [FeatureMap] = []
    for layer in layers {
      if case .convolution = layer { map.border = 1 }
      maps.append(map)
      map = map.after(layer)
    }
    maps.append(map)
    self.maps = maps
    input = maps[0]
    precondition(map.floats % 16 == 0, "\(map) before the outputs")
  }

  /// Outputs filled up to whole panels.
  var outputColumns: Int { (outputs + 15) / 16 * 16 }

  /// The number of floats in each list of parameters: a convolution has weights, gains and shifts, a
  /// dense layer weights and biases, and so have the outputs.
  var parameterCounts: [Int] {
    var counts: [Int] = []
    for (index, layer) in layers.enumerated() {
      switch layer {
      case .convolution(let channels, _):
        counts += [9 * maps[index].channels * channels, channels, channels]
      case .dense(let units): counts += [maps[index].floats * units, units]
      case .maximumPool, .globalMaximum: break
      }
    }
    return counts + [maps[layers.count].floats * outputColumns, outputColumns]
  }

  /// The index of the first list of parameters of each layer, and last of the outputs.
  var firstParameters: [Int] {
    var next = 0
    var firsts: [Int] = []
    for layer in layers {
      firsts.append(next)
      switch layer {
      case .convolution: next += 3
      case .dense: next += 2
      case .maximumPool, .globalMaximum: break
      }
    }
    return firsts + [next]
  }

  /// Multiply-adds for an image.
  var multiplyAdds: Int {
    var sum = maps[layers.count].floats * outputs
    for (index, layer) in layers.enumerated() {
      switch layer {
      case .convolution(let channels, _):
        sum += 9 * maps[index].channels * channels * maps[index + 1].width * maps[index + 1].height
      case .dense(let units): sum += maps[index].floats * units
      case .maximumPool, .globalMaximum: break
      }
    }
    return sum
  }
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
  /// Floats of an image, border and all.
  var floats: Int { pitch * (height + 2 * border) * channels }
  /// Floats before the first value of row `y`.
  func row(_ y: Int) -> Int { ((y + border) * pitch + border) * channels }

  /// The same without the border.
  var bare: FeatureMap {
    FeatureMap(width: width, height: height, channels: channels, border: 0)
  }

  /// The same with a border of one.
  var bordered: FeatureMap {
    FeatureMap(width: width, height: height, channels: channels, border: 1)
  }

  fileprivate func after(_ layer: NetworkShape.Layer) -> FeatureMap {
    switch layer {
    case .convolution(let channels, let stride):
      precondition(stride == 1 || stride == 2, "a stride of \(stride), expected 1 or 2")
      precondition(channels > 0 && channels % 16 == 0, "\(channels) channels")
      return FeatureMap(
        width: (width + stride - 1) / stride, height: (height + stride - 1) / stride,
        channels: channels, border: 0)
    case .maximumPool:
      precondition(width > 1 && height > 1, "a pool of \(width) × \(height)")
      return FeatureMap(width: width / 2, height: height / 2, channels: channels, border: 0)
    case .globalMaximum: return FeatureMap(width: 1, height: 1, channels: channels, border: 0)
    case .dense(let units):
      precondition(units > 0 && units % 16 == 0, "\(units) units")
      precondition(floats % 16 == 0, "\(floats) values before a dense layer")
      return FeatureMap(width: 1, height: 1, channels: units, border: 0)
    }
  }
}
