import FactoryModel
import Storage

/// How long a machine was in one state without a break.
public struct MachineStretch: Hashable, Sendable {
  public var range: Range<Timestamp>
  /// The state's word, or its number.
  public var state: String
  public var runs: Bool
  /// Whether it is made ready for another product.
  public var isChangeover: Bool
}

extension PlantRecord {
  /// What a machine did in a range, in order; time of which the record says nothing is left out.
  /// - Parameter silences: stretches in which nothing was recorded: what the machine did then is not
  ///   known; after them its last state holds on.
  public func stretches(
    of machine: Machine, in range: Range<Timestamp>, except silences: [Range<Timestamp>]
  ) throws -> [MachineStretch] {
    guard let pattern = machine.state,
      let signal = try history.signals(matching: pattern).first
    else { return [] }
    let table = try file.signals()
    let words = table.find(signal).map { table.texts(of: $0) } ?? []
    var found: [MachineStretch] = []
    var state = try last(of: signal, before: range)?.value
    var since = range.lowerBound
    func close(_ end: Timestamp) {
      guard let state, since < end else { return }
      let text = Machine.text(of: state, words: words)
      let stretch = MachineStretch(
        range: since..<end, state: text, runs: machine.runs(at: state, words: words),
        isChangeover: machine.changesOver(in: text))
      found += stretch.range.without(silences).map {
        var known = stretch
        known.range = $0
        return known
      }
    }
    try history.visit(signal, in: range) { samples in
      for sample in samples where sample.quality != .bad && sample.value != state {
        close(sample.time)
        (state, since) = (sample.value, max(sample.time, range.lowerBound))
      }
    }
    close(range.upperBound)
    return found
  }

  /// The stretches in which a machine did not run, the longest first.
  public func stops(
    of machine: Machine, in range: Range<Timestamp>, except silences: [Range<Timestamp>]
  ) throws -> [MachineStretch] {
    try stretches(of: machine, in: range, except: silences).filter { !$0.runs }
      .sorted { left, right in
        let (one, other) = (left.range, right.range)
        return (other.duration, one.lowerBound) < (one.duration, other.lowerBound)
      }
  }
}
