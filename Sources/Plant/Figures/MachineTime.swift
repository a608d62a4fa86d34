import FactoryModel

/// What a machine did in a stretch.
public struct MachineTime: Hashable, Sendable {
  public var name: String
  /// Seconds of planned time in a running state.
  public var runSeconds: Double
  /// Seconds of planned time in another state.
  public var stopSeconds: Double
  /// Seconds of planned time of which the record says nothing; never counted as stopped.
  public var unknownSeconds: Double
  /// Stretches in which it was made ready for another product, and their seconds of planned time,
  /// which are among `stopSeconds`.
  public var changeovers: Int
  public var changeoverSeconds: Double
  public var oee: OEE?
}

extension MachineTime {
  /// The times of a machine from what it did.
  /// - Parameters:
  ///   - parts: of its station in planned time, nil where nobody counts them.
  ///   - quality: the share of good parts, nil where nothing is inspected.
  init(
    _ machine: Machine, _ shift: ShiftRun, _ range: Range<Timestamp>,
    _ stretches: [MachineStretch], parts: Int?, quality: Double?
  ) {
    name = machine.name
    (runSeconds, stopSeconds, changeovers, changeoverSeconds) = (0, 0, 0, 0)
    for stretch in stretches {
      let length = shift.plannedTime(in: stretch.range).inSeconds
      if stretch.runs { runSeconds += length } else { stopSeconds += length }
      guard stretch.isChangeover, length > 0 else { continue }
      changeovers += 1
      changeoverSeconds += length
    }
    let known = runSeconds + stopSeconds
    unknownSeconds = max(0, shift.plannedTime(in: range).inSeconds - known)
    guard known > 0, runSeconds > 0, let ideal = machine.idealCycleSeconds, let parts else {
      return
    }
    oee = OEE(
      availability: runSeconds / known, performance: ideal * Double(parts) / runSeconds,
      quality: quality)
  }
}

extension Machine {
  /// Whether a value of the state signal means that it runs.
  /// - Parameter words: what values of a signal of words stand for.
  public func runs(at value: Double, words: [String]) -> Bool {
    Self.holds(running, Self.text(of: value, words: words))
  }

  /// Whether a state means that it is made ready for another product.
  func changesOver(in state: String) -> Bool { Self.holds(changeover, state) }

  private static func holds(_ words: [String], _ word: String) -> Bool {
    words.contains { $0.lowercased() == word.lowercased() }
  }

  /// What a value of a state signal stands for.
  static func text(of value: Double, words: [String]) -> String {
    let place = Int(exactly: value) ?? -1
    return words.indices.contains(place) ? words[place] : place >= 0 ? "\(place)" : "\(value)"
  }
}
