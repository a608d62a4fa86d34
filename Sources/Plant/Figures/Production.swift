import FactoryModel

/// What was made in a stretch, after the arithmetic of OEE.
public struct Production: Hashable, Sendable {
  /// Of the plant's output stations, or of all where none is one.
  public var parts: Int
  /// Of the whole shift, nil without a plan.
  public var plan: Int?
  /// Seconds of planned time a planned part, nil without a plan.
  public var taktSeconds: Double?
  /// Mean seconds between parts, nil with fewer than two.
  public var cycleSeconds: Double?
  public var machines: [MachineTime]
  /// Of the machine at the output station, else of the one machine; nil where it is not known.
  public var oee: OEE?

  /// Changeovers of all machines and their seconds of planned time; nil where no machine tells its
  /// state.
  public var changeover: (count: Int, seconds: Double)? {
    let known = machines.filter { $0.runSeconds + $0.stopSeconds > 0 }
    guard !known.isEmpty else { return nil }
    return known.reduce((0, 0)) { ($0.0 + $1.changeovers, $0.1 + $1.changeoverSeconds) }
  }
}

/// Overall equipment effectiveness and its three factors, each a share.
public struct OEE: Hashable, Sendable {
  /// Run time / planned time of which the state is known.
  public var availability: Double
  /// Ideal cycle time · parts that came in planned time / run time, which is planned time too.
  public var performance: Double
  /// Good parts / parts, nil where nothing is inspected: then it counts as 1.
  public var quality: Double?

  /// The product of the three.
  public var value: Double { availability * performance * (quality ?? 1) }
}

/// Parts that passed a station.
public struct StationCount: Hashable, Sendable {
  public var station: String
  public var parts: Int
  /// Parts of the station before that have not come here yet, nil for the first station.
  public var waiting: Int?
}

/// What the cameras found in a stretch.
public struct QualityFigures: Hashable, Sendable {
  public var inspected: Int
  public var rejects: Int

  /// The share that passed, nil where nothing was inspected.
  public var yield: Double? {
    inspected > 0 ? 1 - Double(rejects) / Double(inspected) : nil
  }
}
