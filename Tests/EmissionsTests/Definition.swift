import Emissions
import FactoryModel

/// One reading of one input of an outlet: pollutants first, then oxygen, then flow.
struct Reading: Hashable {
  var input: Int
  var time: Timestamp
  var value: Double
  var quality = Quality.good
}

/// A period as the definitions say, from all readings at once, with no thought for speed.
struct Definition {
  /// What the definitions give for one input.
  struct Value {
    var mean: Double?
    var converted: Double?
    var total: Double?
    var count = 0
    var flag = PeriodFlag.tooFew
    var usable: Bool { flag != .tooFew }
  }

  let outlet: EmissionOutlet
  private let readings: [Timestamp: [Reading]]
  private var minutes: [Timestamp: [Value]] = [:]
  private var share: Double { outlet.medium == .flueGas ? 0.75 : 1 }

  init(_ outlet: EmissionOutlet, _ readings: [Reading]) {
    self.outlet = outlet
    self.readings = Dictionary(grouping: readings) {
      PeriodKind.minute.start(of: $0.time, offsetSeconds: 0)
    }
    for start in self.readings.keys { minutes[start] = computed(start) }
  }

  private var inputs: Int {
    outlet.pollutants.count + (outlet.oxygen == nil ? 0 : 1) + (outlet.flow == nil ? 0 : 1)
  }
  private var oxygen: Int? { outlet.oxygen == nil ? nil : outlet.pollutants.count }
  private var flow: Int? { outlet.flow == nil ? nil : inputs - 1 }

  /// All inputs in one period.
  func values(_ kind: PeriodKind, _ start: Timestamp) -> [Value] {
    switch kind {
    case .minute: minute(start)
    case .hour, .halfHour: basic(kind, start)
    case .day, .month: long(kind, start)
    }
  }

  private func minute(_ start: Timestamp) -> [Value] {
    minutes[start] ?? Array(repeating: Value(), count: inputs)
  }

  private func computed(_ start: Timestamp) -> [Value] {
    var values = (0..<inputs).map { input in
      let all = (readings[start] ?? []).filter { $0.input == input }
      let counting = all.filter { $0.quality != .bad }
      let unit = input == flow ? 3_600.0 : 1
      var value = Value(count: counting.count)
      if counting.isEmpty { return value }
      value.mean = counting.map { $0.value * unit }.reduce(0, +) / Double(counting.count)
      if counting.count >= outlet.minuteSamples {
        let good = all.filter { $0.quality == .good }.count
        value.flag = Double(good) / Double(all.count) >= share ? .normal : .abnormal
      }
      return value
    }
    for place in outlet.pollutants.indices { values[place].converted = convert(values, place) }
    return values
  }

  private func convert(_ values: [Value], _ place: Int) -> Double? {
    guard values[place].usable, let mean = values[place].mean else { return nil }
    guard let oxygen, let reference = outlet.oxygen?.reference.percent else { return mean }
    guard values[oxygen].usable, let percent = values[oxygen].mean, percent < 21 else { return nil }
    return mean * (21 - reference) / (21 - percent)
  }

  private func basic(_ kind: PeriodKind, _ start: Timestamp) -> [Value] {
    let places = kind == .hour ? 60 : 30
    let minutes = (0..<places).map { minute(start + .seconds(60 * $0)) }
    let isEnough: ([Bool]) -> Bool = { there in
      switch outlet.profile {
      case .hj76: there.filter { $0 }.count >= 45
      case .euHalfHours: there.filter { $0 }.count >= 20
      case .usQuarterHours:
        stride(from: 0, to: 60, by: 15).allSatisfy { there[$0..<$0 + 15].contains(true) }
      }
    }
    var values = average(minutes, isEnough)
    for (place, pollutant) in outlet.pollutants.enumerated() {
      if outlet.profile != .hj76 { values[place].converted = convert(values, place) }
      if let converted = values[place].converted, let limit = pollutant.dayLimit {
        values[place].converted = max(0, converted - limit * pollutant.confidencePercent / 100)
      }
    }
    let hours = kind == .hour ? 1.0 : 0.5
    guard let flow, values[flow].usable, let perHour = values[flow].mean else { return values }
    values[flow].total = perHour * hours
    for place in outlet.pollutants.indices where values[place].usable {
      let unit = outlet.medium == .flueGas ? 1e-6 : 1e-3
      values[place].total = values[place].mean.map { $0 * perHour * hours * unit }
    }
    return values
  }

  private func long(_ kind: PeriodKind, _ start: Timestamp) -> [Value] {
    let lower = kind == .month ? PeriodKind.day : outlet.profile.basic
    let offset = outlet.zoneOffsetSeconds
    var below: [[Value]] = []
    var at = start
    while at < kind.end(of: start, offsetSeconds: offset) {
      below.append(values(lower, at))
      at = lower.end(of: at, offsetSeconds: offset)
    }
    let least =
      switch (kind, outlet.profile) {
      case (.day, .hj76): 20
      case (.day, .usQuarterHours): 18
      case (.day, _): 43
      case (_, .hj76): below.count < 30 ? 23 : 25
      case (_, .usQuarterHours): 22
      default: Int((Double(below.count) * 0.75).rounded(.up))
      }
    var values = average(below) { there in there.filter { $0 }.count >= least }
    for place in values.indices {
      let totals = below.compactMap { $0[place].total }
      values[place].total = totals.isEmpty ? nil : totals.reduce(0, +)
    }
    return values
  }

  private func average(_ below: [[Value]], _ isEnough: ([Bool]) -> Bool) -> [Value] {
    (0..<inputs).map { place in
      let all = below.map { $0[place] }
      let counting = all.filter { $0.usable }
      var value = Value(count: counting.count)
      if counting.isEmpty { return value }
      value.mean = counting.map { $0.mean ?? 0 }.reduce(0, +) / Double(counting.count)
      if isEnough(all.map { $0.usable }) {
        let present = all.filter { $0.mean != nil }.count
        let normal = all.filter { $0.flag == .normal }.count
        value.flag = Double(normal) / Double(present) >= share ? .normal : .abnormal
        let converted = all.map { $0.usable ? $0.converted : nil }
        if isEnough(converted.map { $0 != nil }) {
          let numbers = converted.compactMap { $0 }
          value.converted = numbers.reduce(0, +) / Double(numbers.count)
        }
      }
      return value
    }
  }
}
