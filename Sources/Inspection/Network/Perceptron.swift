import Imaging
import Kernels

/// A small network: inputs → 128 → 32 → 1 logit, ReLU after both hidden layers.
///
/// Weights are stored input by input (`weights1[input · 128 + unit]`), the order in which the matrix
/// kernel reads them.
struct Perceptron: Sendable, Hashable {
  static let hidden1 = 128
  static let hidden2 = 32

  let inputs: Int
  var weights1: [Float]
  var bias1: [Float]
  var weights2: [Float]
  var bias2: [Float]
  var weights3: [Float]
  var bias3: [Float]

  /// Weights and biases uniform in ± 1/√(inputs of the layer).
  init(inputs: Int, using generator: inout SeededGenerator) {
    self.inputs = inputs
    func layer(_ count: Int, _ fanIn: Int) -> [Float] {
      let bound = 1 / Float(fanIn).squareRoot()
      return (0..<count).map { _ in generator.uniform(-bound, bound) }
    }
    weights1 = layer(inputs * Self.hidden1, inputs)
    bias1 = layer(Self.hidden1, inputs)
    weights2 = layer(Self.hidden1 * Self.hidden2, Self.hidden1)
    bias2 = layer(Self.hidden2, Self.hidden1)
    weights3 = layer(Self.hidden2, Self.hidden2)
    bias3 = layer(1, Self.hidden2)
  }

  /// A network with weights from a model.
  init(
    inputs: Int, weights1: [Float], bias1: [Float], weights2: [Float], bias2: [Float],
    weights3: [Float], bias3: [Float]
  ) {
    precondition(
      weights1.count == inputs * Self.hidden1 && bias1.count == Self.hidden1
        && weights2.count == Self.hidden1 * Self.hidden2 && bias2.count == Self.hidden2
        && weights3.count == Self.hidden2 && bias3.count == 1, "layers of another shape")
    self.inputs = inputs
    self.weights1 = weights1
    self.bias1 = bias1
    self.weights2 = weights2
    self.bias2 = bias2
    self.weights3 = weights3
    self.bias3 = bias3
  }

  /// Every parameter in one list of layers, the order of the optimiser.
  var layers: [[Float]] {
    get { [weights1, bias1, weights2, bias2, weights3, bias3] }
    set {
      weights1 = newValue[0]
      bias1 = newValue[1]
      weights2 = newValue[2]
      bias2 = newValue[3]
      weights3 = newValue[4]
      bias3 = newValue[5]
    }
  }
}

extension Perceptron {
  /// The logit of each row of inputs.
  func logits(_ rows: [Float]) -> [Float] {
    let count = rows.count / inputs
    var out = [Float](repeating: 0, count: count)
    let batch = 1024
    var hidden1 = [Float](repeating: 0, count: batch * Self.hidden1)
    var hidden2 = [Float](repeating: 0, count: batch * Self.hidden2)
    var part = [Float](repeating: 0, count: batch)
    for first in stride(from: 0, to: count, by: batch) {
      let size = min(batch, count - first)
      let slice = Array(rows[first * inputs..<(first + size) * inputs])
      matrixProduct(
        slice, rowStride: inputs, innerStride: 1, weights1, rows: size, inner: inputs,
        columns: Self.hidden1, into: &hidden1)
      addBiasAndRectify(&hidden1, bias: bias1, rows: size, columns: Self.hidden1)
      matrixProduct(
        hidden1, rowStride: Self.hidden1, innerStride: 1, weights2, rows: size,
        inner: Self.hidden1, columns: Self.hidden2, into: &hidden2)
      addBiasAndRectify(&hidden2, bias: bias2, rows: size, columns: Self.hidden2)
      weightedSums(
        hidden2, weights: weights3, bias: bias3[0], rows: size, columns: Self.hidden2, into: &part)
      out.replaceSubrange(first..<first + size, with: part[0..<size])
    }
    return out
  }
}
