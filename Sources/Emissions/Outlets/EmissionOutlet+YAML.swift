import FactoryModel
import StrictYAML

extension EmissionOutlet {
  /// Reads the `emissions:` list of a site file (Sources/Emissions/README.md has the keys).
  public static func list(_ value: YAMLValue?) throws(YAMLError) -> [EmissionOutlet] {
    var outlets: [EmissionOutlet] = []
    guard let value else { return [] }
    for (index, item) in try value.list("a list of outlets").enumerated() {
      let name = (try? item.pairs())?.first { $0.key == "outlet" }?.value.text
      let place = "\(value.place), \(name ?? "outlet \(index + 1)")"
      let outlet = try OutletReader(item.named(place)).outlet()
      if outlets.contains(where: { $0.name == outlet.name }) {
        throw .wrongValue(
          place: place, found: "a second outlet of this name", expected: "another name")
      }
      outlets.append(outlet)
    }
    return outlets
  }

  /// What a site of HJ 212 sends that is taken as readings.
  private enum Readings: String, CaseIterable { case realTime, minutes }

  /// Reads one outlet.
  private struct OutletReader {
    private let mapping: StrictMapping
    private let site: String?
    private let readings: Readings

    init(_ value: YAMLValue) throws(YAMLError) {
      mapping = try value.mapping(keys: [
        "outlet", "mn", "readings", "medium", "profile", "zone", "minuteSamples", "allowance",
        "openFor", "oxygen", "flow", "factors",
      ])
      site = try mapping.string("mn")
      readings = try mapping.choice("readings") ?? .realTime
      if site == nil, let value = mapping["readings"] { throw value.wrong("mn beside readings") }
    }

    func outlet() throws(YAMLError) -> EmissionOutlet {
      let name = try mapping.required("outlet", mapping.string("outlet"))
      var outlet = EmissionOutlet(
        name: name, profile: try mapping.choice("profile") ?? .hj76, pollutants: try pollutants())
      outlet.medium = try mapping.choice("medium") ?? .flueGas
      outlet.oxygen = try oxygen()
      outlet.flow = try flow(outlet.medium)
      if readings == .minutes { outlet.minuteSamples = 1 }
      outlet.minuteSamples = try mapping.integer("minuteSamples") ?? outlet.minuteSamples
      outlet.zoneOffsetSeconds = try zone() ?? outlet.zoneOffsetSeconds
      outlet.allowance = try mapping.duration("allowance") ?? outlet.allowance
      outlet.openFor = try mapping.duration("openFor") ?? outlet.openFor
      if let value = mapping["minuteSamples"], outlet.minuteSamples < 1 {
        throw value.wrong("1 or more")
      }
      if let value = mapping["openFor"], outlet.openFor > .seconds(86_400) {
        throw value.wrong("at most 1d")
      }
      if let value = mapping["allowance"], outlet.allowance > .seconds(3_600) {
        throw value.wrong("at most 1h")
      }
      return outlet
    }

    private func pollutants() throws(YAMLError) -> [Pollutant] {
      let factors = try mapping.required("factors", mapping["factors"])
      var pollutants: [Pollutant] = []
      for (factor, value) in try factors.pairs() {
        let keys =
          try value.text == "" || value.text == "~"
          ? nil : value.mapping(keys: ["signal", "limit", "dayLimit", "confidence"])
        var pollutant = Pollutant(
          factor: factor, signal: try signal(keys, of: factor, at: value.place))
        pollutant.limit = try keys?.number("limit")
        pollutant.dayLimit = try keys?.number("dayLimit")
        pollutant.confidencePercent = try keys?.number("confidence") ?? 0
        if let value = keys?["confidence"] {
          guard (0...100).contains(pollutant.confidencePercent) else {
            throw value.wrong("per cent, 0 to 100")
          }
          guard pollutant.dayLimit != nil else { throw value.wrong("dayLimit beside confidence") }
        }
        pollutants.append(pollutant)
      }
      guard !pollutants.isEmpty else { throw factors.wrong("at least one factor") }
      return pollutants
    }

    private func oxygen() throws(YAMLError) -> Oxygen? {
      guard let value = mapping["oxygen"] else { return nil }
      let keys = try value.mapping(keys: ["factor", "signal", "reference", "excessAir"])
      let percent = try keys.number("reference")
      let excess = try keys.number("excessAir")
      let reference =
        switch (percent, excess) {
        case (let percent?, nil): OxygenReference(percent: percent)
        case (nil, let excess?): OxygenReference(excessAir: excess)
        default: nil as OxygenReference?
        }
      guard let reference else {
        throw value.wrong("reference: 0 or more, below 21 per cent, or excessAir: 1 or more")
      }
      let factor = try keys.string("factor") ?? "a19001"
      return Oxygen(
        factor: factor, signal: try signal(keys, of: factor, at: keys.place),
        reference: reference)
    }

    private func flow(_ medium: Medium) throws(YAMLError) -> Flow? {
      guard let value = mapping["flow"] else { return nil }
      let keys = try value.mapping(keys: ["factor", "signal", "unit"])
      let isGas = medium == .flueGas
      let factor = try keys.string("factor") ?? (isGas ? "a00000" : "w00000")
      return Flow(
        factor: factor, signal: try signal(keys, of: factor, at: keys.place),
        unit: try keys.choice("unit") ?? (isGas ? .cubicMetresPerSecond : .litresPerSecond))
    }

    /// The signal named, or else the one that the outlet's site sends.
    private func signal(
      _ keys: StrictMapping?, of factor: String, at place: String
    ) throws(YAMLError) -> SignalName {
      if let text = try keys?.string("signal") {
        guard let name = try? SignalPattern(text).name else {
          throw .wrongValue(
            place: "\(place), signal", found: "“\(text)”",
            expected: "one signal: measurement.field or measurement.field{tag=value,…}")
        }
        return name
      }
      guard let site else {
        throw .wrongValue(
          place: place, found: "no signal", expected: "signal here, or mn for the whole outlet")
      }
      switch readings {
      case .realTime:
        return SignalName(measurement: "hj212", field: "\(factor)-Rtd", tags: [.init("mn", site)])
      case .minutes:
        return SignalName(
          measurement: "hj212", field: "\(factor)-Avg",
          tags: [.init("mn", site), .init("period", "minute")])
      }
    }

    /// Seconds ahead of UTC.
    private func zone() throws(YAMLError) -> Int? {
      guard let text = try mapping.string("zone"), let value = mapping["zone"] else { return nil }
      let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
      guard text.hasPrefix("+") || text.hasPrefix("-"), parts.count == 2,
        let hours = Int(parts[0]), let minutes = Int(parts[1]), (0...14).contains(hours),
        (0...59).contains(minutes)
      else { throw value.wrong("hours and minutes ahead of UTC, such as +08:00") }
      return (text.hasPrefix("-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }
  }
}
