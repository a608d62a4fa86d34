import FactoryModel
import Storage

/// The one place where figures of the plant are worked out from the record: screen, API and reports
/// ask here, so they say the same.
public struct PlantRecord: Sendable {
  public let layout: PlantLayout
  let file: RecordFile
  let history: SampleHistory

  /// The figures of a plant from its record.
  public init(_ layout: PlantLayout, _ file: RecordFile) {
    self.layout = layout
    self.file = file
    history = SampleHistory(file)
  }

  /// What was made from the beginning of a shift up to a moment in it.
  public func production(of shift: ShiftRun, until end: Timestamp) throws -> Production {
    try production(of: shift, until: end, plan: layout.quantity(of: shift.name))
  }

  /// What was made in a part of a shift up to a moment in it: of its plan as much as of its time.
  public func production(of part: ShiftPart, until end: Timestamp) throws -> Production {
    try production(of: part.run, until: end, plan: plan(of: part))
  }

  /// What was made in a range of shifts or days up to a moment in it: the planned time and the
  /// plan of the shifts in it, as far as they lie in it.
  public func production(in range: Range<Timestamp>, until end: Timestamp) throws -> Production {
    let calendar = ShiftCalendar(layout)
    let parts = calendar.parts(of: range)
    let plans = parts.compactMap(plan)
    return try production(
      of: calendar.plannedRun(over: range, of: parts.map(\.run)), until: end,
      plan: plans.isEmpty ? nil : plans.reduce(0, +))
  }

  private func plan(of part: ShiftPart) -> Int? {
    layout.quantity(of: part.run.name).map { Int((Double($0) * part.share).rounded()) }
  }

  private func production(
    of shift: ShiftRun, until end: Timestamp, plan: Int?
  ) throws -> Production {
    let range = shift.range.clamped(to: shift.range.lowerBound..<max(shift.range.lowerBound, end))
    let sources = outputs
    let all = try counts(in: range, planned: shift.work)
    let counts = sources.compactMap { all[$0.signal] }
    let parts = counts.reduce(0) { $0 + $1.parts }
    let planned = shift.plannedTime(in: shift.range).inSeconds
    let quality = try self.quality(in: range)
    let silences = layout.machines.contains { $0.state != nil } ? try self.silences(in: range) : []
    let machines = try layout.machines.map { machine in
      let source = layout.parts.first { $0.station == machine.station }
      let parts = source.flatMap { all[$0.signal]?.planned }
      return MachineTime(
        machine, shift, range, try stretches(of: machine, in: range, except: silences),
        parts: parts, quality: quality.yield)
    }
    let first = counts.compactMap(\.first).min()
    let last = counts.compactMap(\.last).max()
    let apart = first.flatMap { first in last.map { ($0 - first).inSeconds } }
    let isOutput = { (machine: Machine) in sources.contains { $0.station == machine.station } }
    let named = layout.machines.first(where: isOutput) ?? layout.machines.onlyElement
    return Production(
      parts: parts, plan: plan, taktSeconds: plan.flatMap { $0 > 0 ? planned / Double($0) : nil },
      cycleSeconds: parts > 1 ? apart.map { $0 / Double(parts - 1) } : nil, machines: machines,
      oee: named.flatMap { named in machines.first { $0.name == named.name }?.oee })
  }

  /// Parts at each station in a range, in the order of the site file.
  public func stations(in range: Range<Timestamp>) throws -> [StationCount] {
    let all = try self.counts(in: range, planned: [])
    var counts: [StationCount] = []
    for source in layout.parts {
      let parts = all[source.signal]?.parts ?? 0
      let waiting = counts.last.map { max(0, $0.parts - parts) }
      counts.append(StationCount(station: source.station, parts: parts, waiting: waiting))
    }
    return counts
  }

  /// Verdicts of all cameras in a range.
  public func quality(in range: Range<Timestamp>) throws -> QualityFigures {
    var figures = QualityFigures(inspected: 0, rejects: 0)
    for signal in try history.signals(matching: SignalPattern(Self.verdicts)) {
      try history.visit(signal, in: range) { samples in
        for sample in samples where sample.quality != .bad {
          figures.inspected += 1
          if sample.value != 0 { figures.rejects += 1 }
        }
      }
    }
    return figures
  }

  /// 1 for a reject, 0 for another verdict, of each camera.
  private static let verdicts = "inspection.reject{*}"

  /// Finished parts in a range.
  public func parts(in range: Range<Timestamp>) throws -> Int {
    try outputs.reduce(0) { try $0 + count(of: $1, in: range).parts }
  }

  private var outputs: [PartSource] {
    let outputs = layout.parts.filter(\.isOutput)
    return outputs.isEmpty ? layout.parts.suffix(1) : outputs
  }
}

// MARK: parts

extension PlantRecord {
  /// Parts of a station and when the first and last came.
  private struct Count {
    var parts = 0
    /// Of them, those that came in planned time.
    var planned = 0
    var first: Timestamp?
    var last: Timestamp?
  }

  /// Of every station, by the signal that counts them.
  /// - Parameter planned: stretches in order.
  private func counts(
    in range: Range<Timestamp>, planned: [Range<Timestamp>]
  ) throws -> [SignalPattern: Count] {
    var counts: [SignalPattern: Count] = [:]
    for source in layout.parts where counts[source.signal] == nil {
      counts[source.signal] = try count(of: source, in: range, planned: planned)
    }
    return counts
  }

  private func count(
    of source: PartSource, in range: Range<Timestamp>, planned: [Range<Timestamp>] = []
  ) throws -> Count {
    var count = Count()
    for signal in try history.signals(matching: source.signal) {
      var coming = planned[...]
      var before = source.counting == .counter ? try last(of: signal, before: range)?.value : nil
      try history.visit(signal, in: range) { samples in
        for sample in samples where sample.quality != .bad {
          let new: Int
          switch source.counting {
          case .event: new = 1
          case .counter:
            // A counter that fell has started again at 0.
            new = before.map { Int(sample.value - (sample.value < $0 ? 0 : $0)) } ?? 0
            before = sample.value
          }
          guard new > 0 else { continue }
          count.parts += new
          while let next = coming.first, next.upperBound <= sample.time { coming.removeFirst() }
          if coming.first?.contains(sample.time) == true { count.planned += new }
          count.first = count.first.map { min($0, sample.time) } ?? sample.time
          count.last = count.last.map { max($0, sample.time) } ?? sample.time
        }
      }
    }
    return count
  }

  /// The last usable sample of the day before a range.
  func last(of signal: SignalName, before range: Range<Timestamp>) throws -> Sample? {
    var last: Sample?
    let start = range.lowerBound - .seconds(86_400)
    try history.visit(signal, in: start..<range.lowerBound) { samples in
      last = samples.last { $0.quality != .bad } ?? last
    }
    return last
  }
}

extension Array {
  /// The element, if there is exactly one.
  fileprivate var onlyElement: Element? { count == 1 ? first : nil }
}
