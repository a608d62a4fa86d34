import KernelsBase
import KernelsV3

/// A run of `count` positions of `columns` channels each, channels last, from `first` on.
public struct ChannelRun: Hashable, Sendable {
  public var first: Int
  public var count: Int
  public var columns: Int

  /// `columns` is a multiple of 8.
  public init(first: Int, count: Int, columns: Int) {
    self.first = first
    self.count = count
    self.columns = columns
  }

  fileprivate func check(_ values: Int, channels: Int...) {
    precondition(columns % 8 == 0 && first >= 0 && count >= 0, "\(self)")
    precondition(
      first + count * columns <= values && channels.allSatisfy { columns <= $0 },
      "\(self) beyond \(values)")
  }

  fileprivate func check(out: Int, from outFirst: Int) {
    precondition(outFirst >= 0 && outFirst + count * columns <= out, "\(self) beyond \(out)")
  }
}

/// Adds sums and sums of squares of every channel of `run`.
public func channelMoments(
  _ values: [Float], _ run: ChannelRun, sums: inout [Float], squares: inout [Float]
) {
  run.check(values.count, channels: sums.count, squares.count)
  var s = sums.mutableSpan
  var q = squares.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.channelMoments(
      values.span, first: run.first, count: run.count, columns: run.columns, sums: &s, squares: &q)
  case .v3:
    KernelsV3.channelMoments(
      values.span, first: run.first, count: run.count, columns: run.columns, sums: &s, squares: &q)
  }
}

/// `out = max(values · scale + shift, 0)` per channel.
public func scaleAndRectify(
  _ values: [Float], _ run: ChannelRun, scale: [Float], shift: [Float], into out: inout [Float],
  at outFirst: Int
) {
  run.check(values.count, channels: scale.count, shift.count)
  run.check(out: out.count, from: outFirst)
  var o = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.scaleAndRectify(
      values.span, first: run.first, count: run.count, columns: run.columns, scale: scale.span,
      shift: shift.span, into: &o, outFirst: outFirst)
  case .v3:
    KernelsV3.scaleAndRectify(
      values.span, first: run.first, count: run.count, columns: run.columns, scale: scale.span,
      shift: shift.span, into: &o, outFirst: outFirst)
  }
}

/// Adds per channel the slopes that pass the ReLU behind `values · scale + shift`, and these times
/// the values.
public func rectifiedMoments(
  _ slopes: [Float], values: [Float], _ run: ChannelRun, scale: [Float], shift: [Float],
  sums: inout [Float], products: inout [Float]
) {
  run.check(min(values.count, slopes.count), channels: scale.count, shift.count, sums.count)
  run.check(values.count, channels: products.count)
  var s = sums.mutableSpan
  var p = products.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.rectifiedMoments(
      slopes.span, values: values.span, first: run.first, count: run.count, columns: run.columns,
      scale: scale.span, shift: shift.span, sums: &s, products: &p)
  case .v3:
    KernelsV3.rectifiedMoments(
      slopes.span, values: values.span, first: run.first, count: run.count, columns: run.columns,
      scale: scale.span, shift: shift.span, sums: &s, products: &p)
  }
}

/// What a normalisation with ReLU needs on the way back, per channel.
public struct NormalisationSlopes: Sendable {
  /// The ReLU passes where `values · scale + shift > 0`.
  public var scale: [Float]
  public var shift: [Float]
  /// `out = gain · slope + along · value + back`.
  public var gain: [Float]
  public var along: [Float]
  public var back: [Float]

  /// All lists of one length.
  public init(
    scale: [Float], shift: [Float], gain: [Float], along: [Float], back: [Float]
  ) {
    self.scale = scale
    self.shift = shift
    self.gain = gain
    self.along = along
    self.back = back
  }
}

/// Slopes before a normalisation from those behind its ReLU.
public func normalisationSlopes(
  _ slopes: [Float], values: [Float], _ run: ChannelRun, _ terms: NormalisationSlopes,
  into out: inout [Float], at outFirst: Int
) {
  run.check(
    min(values.count, slopes.count), channels: terms.scale.count, terms.shift.count,
    terms.gain.count, terms.along.count, terms.back.count)
  run.check(out: out.count, from: outFirst)
  var o = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.normalisationSlopes(
      slopes.span, values: values.span, first: run.first, count: run.count, columns: run.columns,
      scale: terms.scale.span, shift: terms.shift.span, gain: terms.gain.span,
      along: terms.along.span, shiftBack: terms.back.span, into: &o, outFirst: outFirst)
  case .v3:
    KernelsV3.normalisationSlopes(
      slopes.span, values: values.span, first: run.first, count: run.count, columns: run.columns,
      scale: terms.scale.span, shift: terms.shift.span, gain: terms.gain.span,
      along: terms.along.span, shiftBack: terms.back.span, into: &o, outFirst: outFirst)
  }
}
