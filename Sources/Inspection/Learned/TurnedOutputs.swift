/// What the network says of an image: where two classes come close, the mean of what it says of the image
/// in every turn under which the part stays the same.
///
/// Most images need one pass. Of the others a network is often right in most turns and wrong in some: the
/// mean over eight makes a third fewer mistakes on unseen castings (README).
struct TurnedOutputs {
  /// The network, with what it made of the last image as it lies.
  private(set) var upright: FoldedConvolutions
  private var turned: FoldedConvolutions
  private let turns: [Turn]
  /// Two classes come close when their outputs differ by less: odds of 7 to 1.
  private static let margin: Float = 2

  /// For images of `side` by `side` levels.
  init(_ network: FoldedConvolutions, side: Int, _ symmetry: PartSymmetry) {
    upright = network
    turned = network
    turns = symmetry.turns.dropFirst().map { quarters, isMirrored in
      var turn = Turn(side: side)
      (turn.quarters, turn.isMirrored) = (quarters, isMirrored)
      return turn
    }
  }

  /// One output per class.
  mutating func outputs(of levels: [UInt8]) -> [Float] {
    let outputs = upright.outputs(of: NetworkInput.values(levels))
    guard !turns.isEmpty, Self.isClose(outputs) else { return outputs }
    var sums = outputs
    for turn in turns {
      let more = turned.outputs(of: NetworkInput.values(turn.turned(levels)))
      for k in sums.indices { sums[k] += more[k] }
    }
    return sums.map { $0 / Float(turns.count + 1) }
  }

  private static func isClose(_ outputs: [Float]) -> Bool {
    let sorted = outputs.sorted(by: >)
    return sorted.count > 1 && sorted[0] - sorted[1] < margin
  }
}
