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
    /// Whether it is shown as a figure: what machines do, counts of parts and of
    /// rejects, emission periods, or is of no use there.
    var isFigure: Bool
  }

  private let plant: PlantLayout
  private let descriptions: [SignalDescription]
  /// By the signal's number.
  private var places: [Place] = []
  /// By the signal's name on the record.
  private var words: [String: Words] = [:]

  /// What people say of a signal; nil where the site file says nothing.
  struct Words {
    /// Where to go: its first machine, else the place of its description.
    var place: String?
    var label: String?
    var unit: String?
  }

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
        || ["inspection.reject", "inspection.milliseconds"].contains(name.path)
        || !place.stateOf.isEmpty || plant.parts.contains { $0.signal.matches(name) }
    }
    return places[Int(id.index)]
  }

  /// What people say of a signal of that name.
  mutating func words(of signal: String) -> Words {
    if let known = words[signal] { return known }
    var found = Words()
    if let name = (try? SignalPattern(signal))?.name {
      let description = descriptions.first { $0.pattern.matches(name) }
      found = Words(
        place: plant.machine(of: name)?.name ?? description?.place, label: description?.label,
        unit: description?.unit)
    }
    words[signal] = found
    return found
  }
}
