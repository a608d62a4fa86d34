import FactoryModel
import Plant

/// Finds where in the plant each signal belongs, once per signal.
struct SignalPlaces {
  /// What a signal is to the plant; machines by their place in the site file.
  struct Place {
    /// Those that it is shown with.
    var machines: [Int]
    /// Those whose state it says.
    var stateOf: [Int]
    /// Whether it is shown as a figure: what machines do, counts of parts, emission periods.
    var isFigure: Bool
  }

  private let plant: PlantLayout
  private let descriptions: [SignalDescription]
  /// By the signal's number.
  private var places: [Place] = []
  /// By the signal's name on the record.
  private var names: [String: String?] = [:]

  init(_ site: Site) {
    plant = site.plant
    descriptions = site.signals
  }

  /// What a signal is to the plant.
  mutating func place(of id: SignalID, in table: SignalTable) -> Place {
    while places.count <= Int(id.index) {
      let name = table[SignalID(index: Int32(places.count))]
      let machines = plant.machines.indices
      let place = Place(
        machines: machines.filter { machine in
          plant.machines[machine].signals.contains { $0.matches(name) }
        }, stateOf: machines.filter { plant.machines[$0].state?.matches(name) ?? false },
        isFigure: false)
      places.append(place)
      places[places.count - 1].isFigure =
        name.path.hasPrefix("emission.") || name.path.hasPrefix("monitor.")
        || !place.stateOf.isEmpty || plant.parts.contains { $0.signal.matches(name) }
    }
    return places[Int(id.index)]
  }

  /// Where to go for a signal: its first machine, else the place of its description.
  mutating func name(of signal: String) -> String? {
    if let known = names[signal] { return known }
    let name = (try? SignalPattern(signal))?.name
    let found = name.flatMap { name in
      plant.machine(of: name)?.name ?? descriptions.first { $0.pattern.matches(name) }?.place
    }
    names[signal] = .some(found)
    return found
  }
}
