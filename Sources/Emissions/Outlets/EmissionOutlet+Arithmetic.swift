import FactoryModel

/// From readings and values below to the tallies of all inputs of an outlet, which stand in this
/// order: the pollutants, then oxygen and flow where the outlet has them.
extension EmissionOutlet {
  /// The signals it reads, in the order above.
  public var inputs: [SignalName] {
    pollutants.map(\.signal) + [oxygen?.signal, flow?.signal].compactMap { $0 }
  }

  var factors: [String] {
    pollutants.map(\.factor) + [oxygen?.factor, flow?.factor].compactMap { $0 }
  }

  var oxygenPlace: Int? { oxygen == nil ? nil : pollutants.count }
  var flowPlace: Int? { flow == nil ? nil : pollutants.count + (oxygen == nil ? 0 : 1) }

  /// A reading in the unit of the record.
  func value(_ reading: Double, ofInput place: Int) -> Double {
    guard place == flowPlace, let flow else { return reading }
    return reading * flow.unit.cubicMetresPerHour
  }

  /// One minute.
  func minute(_ readings: [MinuteReadings]) -> [PeriodTally] {
    var tallies = readings.map {
      PeriodTally($0, least: minuteSamples, normalShare: medium.normalShare)
    }
    convert(&tallies)
    return tallies
  }

  /// A period above the minute; `below` has the values below it in order of time, nil for none.
  func period(_ kind: PeriodKind, below: [[PeriodTally]?]) -> [PeriodTally] {
    let rule = profile.validity(of: kind, places: below.count)
    var tallies = inputs.indices.map { place in
      PeriodTally(below.map { $0?[place] }, rule, normalShare: medium.normalShare)
    }
    guard kind == profile.basic else { return tallies }
    if !profile.convertsMinutes { convert(&tallies) }
    for place in pollutants.indices {
      tallies[place].converted = tallies[place].converted.map { judged($0, pollutants[place]) }
    }
    addMass(&tallies, hours: kind == .halfHour ? 0.5 : 1)
    return tallies
  }

  /// What is left of a converted mean after the confidence interval, at least 0.
  func judged(_ converted: Double, _ pollutant: Pollutant) -> Double {
    guard let dayLimit = pollutant.dayLimit, pollutant.confidencePercent > 0 else {
      return converted
    }
    return max(0, converted - dayLimit * pollutant.confidencePercent / 100)
  }

  private func convert(_ tallies: inout [PeriodTally]) {
    for place in pollutants.indices {
      tallies[place].converted = nil
      guard tallies[place].isUsable, let mean = tallies[place].mean else { continue }
      guard let oxygen, let oxygenPlace else {
        tallies[place].converted = mean
        continue
      }
      guard tallies[oxygenPlace].isUsable, let percent = tallies[oxygenPlace].mean else { continue }
      tallies[place].converted = oxygen.reference.converted(mean, oxygenPercent: percent)
    }
  }

  /// Kilograms from the measured means, and the cubic metres of the flow.
  private func addMass(_ tallies: inout [PeriodTally], hours: Double) {
    guard let flowPlace, tallies[flowPlace].isUsable, let perHour = tallies[flowPlace].mean else {
      return
    }
    tallies[flowPlace].total = perHour * hours
    for place in pollutants.indices {
      guard tallies[place].isUsable, let mean = tallies[place].mean else { continue }
      tallies[place].total = mean * perHour * hours * medium.kilogramsPerUnit
    }
  }
}
