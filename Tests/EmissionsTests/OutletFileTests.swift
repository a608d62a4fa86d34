import Emissions
import FactoryModel
import StrictYAML
import Testing

@Suite("the emissions of a site file")
struct OutletFileTests {
  private func outlets(_ yaml: String) throws -> [EmissionOutlet] {
    let top = try YAMLValue.document(yaml, file: "site.yaml")?.mapping(keys: ["emissions"])
    return try EmissionOutlet.list(top?["emissions"])
  }

  @Test("a site's number is enough to find its signals")
  func short() throws {
    let outlets = try outlets(
      """
      emissions:
        - outlet: boiler 1
          mn: 010000A8900016F000169DC0
          oxygen: {reference: 6}
          flow: {}
          factors:
            a21026: {limit: 35}
            a34013:
      """)
    let outlet = try #require(outlets.first)
    let tags = "{mn=010000A8900016F000169DC0}"
    #expect(
      outlet.pollutants.map(\.signal.description)
        == ["hj212.a21026-Rtd\(tags)", "hj212.a34013-Rtd\(tags)"])
    #expect(outlet.pollutants.map(\.limit) == [35, nil])
    #expect(outlet.oxygen?.signal.description == "hj212.a19001-Rtd\(tags)")
    #expect(outlet.oxygen?.reference.percent == 6)
    #expect(outlet.flow?.signal.description == "hj212.a00000-Rtd\(tags)")
    #expect(outlet.flow?.unit == .cubicMetresPerSecond)
    #expect(outlet.minuteSamples == 12 && outlet.profile == .hj76)
    #expect(outlet.zoneOffsetSeconds == 28_800)
  }

  @Test("everything can be said")
  func long() throws {
    let outlets = try outlets(
      """
      emissions:
        - outlet: incinerator
          profile: euHalfHours
          zone: +01:00
          minuteSamples: 2
          allowance: 10s
          openFor: 2h
          oxygen: {factor: o2, signal: stack.o2, excessAir: 2.1}
          flow: {factor: gas, signal: stack.flow, unit: m3/h}
          factors:
            so2: {signal: stack.so2, limit: 200, dayLimit: 50, confidence: 20}
        - outlet: outfall
          mn: W1
          readings: minutes
          medium: wasteWater
          flow: {}
          factors: {w01018: {limit: 50}}
      """)
    #expect(outlets[0].profile == .euHalfHours)
    #expect(outlets[0].zoneOffsetSeconds == 3_600)
    #expect(outlets[0].pollutants[0].confidencePercent == 20)
    #expect(abs(outlets[0].oxygen!.reference.percent - 11) < 1e-9)
    #expect(outlets[0].flow?.unit == .cubicMetresPerHour)
    #expect(outlets[0].openFor == .seconds(7_200))
    let avg = outlets[1].pollutants[0].signal.description
    #expect(avg == "hj212.w01018-Avg{mn=W1,period=minute}")
    #expect(outlets[1].minuteSamples == 1)
    #expect(outlets[1].flow?.unit == .litresPerSecond)
  }

  @Test(
    "what is wrong is named",
    arguments: [
      (
        "{outlet: a, factors: {x: {}}}",
        "site.yaml, emissions, a, factors, x: found no signal, expected signal here, or mn for the whole outlet"
      ),
      (
        "{outlet: a, mn: M, factor: {x: {}}}",
        "site.yaml, emissions, a, line 1: unknown key factor; did you mean factors?"
      ),
      (
        "{outlet: a, mn: M, factors: {}}",
        "site.yaml, emissions, a, factors: found line 1: keys with values, expected at least one factor"
      ),
      ("{mn: M, factors: {x: {}}}", "site.yaml, emissions, outlet 1: outlet is missing; add it"),
      (
        "{outlet: a, mn: M, zone: 8, factors: {x: {}}}",
        "site.yaml, emissions, a, zone: found line 1: “8”, expected hours and minutes ahead of UTC, such as +08:00"
      ),
      (
        "{outlet: a, mn: M, oxygen: {reference: 21}, factors: {x: {}}}",
        "site.yaml, emissions, a, oxygen: found line 1: keys with values, expected reference: 0 or more, below 21 per cent, or excessAir: 1 or more"
      ),
      (
        "{outlet: a, mn: M, factors: {x: {signal: 'a.b{*}'}}}",
        "site.yaml, emissions, a, factors, x, signal: found “a.b{*}”, expected one signal: measurement.field or measurement.field{tag=value,…}"
      ),
      (
        "{outlet: a, mn: M, profile: eu, factors: {x: {}}}",
        "site.yaml, emissions, a, profile: found line 1: “eu”, expected one of hj76, usQuarterHours, euHalfHours"
      ),
      (
        "{outlet: a, mn: M, factors: {x: {confidence: 20}}}",
        "site.yaml, emissions, a, factors, x, confidence: found line 1: “20”, expected dayLimit beside confidence"
      ),
    ])
  func errors(_ item: String, message: String) throws {
    let error = #expect(throws: YAMLError.self) { try outlets("emissions: [\(item)]") }
    #expect(error?.description == message)
  }
}
