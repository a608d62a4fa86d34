import Emissions
import FactoryModel
import Foundation

/// What the plant is: machines, shifts, plan, where parts are counted and looked at.
public struct PlantLayout: Hashable, Sendable {
  /// The plant's name, the title of screen and reports.
  public var name = "Gemba"
  /// Shifts and days are counted by the plant's clocks.
  public var timeZone = TimeZone.gmt
  public var machines: [Machine] = []
  public var shifts: [Shift] = []
  public var plan: [PlannedQuantity] = []
  public var parts: [PartSource] = []
  public var cameras: [Camera] = []
  public var outlets: [EmissionOutlet] = []

  /// A plant that nothing is known of.
  public init() {}

  /// The first machine that a signal belongs to.
  public func machine(of signal: SignalName) -> Machine? {
    machines.first { machine in
      (machine.signals + [machine.state].compactMap(\.self)).contains { $0.matches(signal) }
    }
  }

  /// What the shift should make, nil without a plan.
  public func quantity(of shift: String?) -> Int? {
    let planned = plan.filter { $0.shift == nil || $0.shift == shift }
    return planned.isEmpty ? nil : planned.reduce(0) { $0 + $1.quantity }
  }
}
