import FactoryModel

/// Which law's rules say when a mean is valid.
///
/// | | HJ 76 | US quarter-hours | EU half-hours |
/// | --- | --- | --- | --- |
/// | minute | 12 readings | 1 | 1 |
/// | basic period | hour, 45 minutes | hour, a minute in each quarter | half-hour, 20 minutes |
/// | day | 20 hours | 18 hours | 43 half-hours |
/// | month | 25 days, February 23 | 22 days | three quarters of the days |
/// | converted to reference oxygen | each minute | each hour | each half-hour |
///
/// Sources: HJ 75 and HJ 76 (as quoted in PROTOCOLS 2); 40 CFR 60.13(h)(2), the day and month after
/// the former 60.47a(f) (18 hours in 22 of 30 days); Directive 2010/75/EU annex VI part 8 (no more than
/// five half-hours of a day discarded) and EN 17255-1 (two thirds of the minutes). The month of the
/// EU profile is our own rule. All but HJ are taken from secondary texts.
public enum AveragingProfile: String, Hashable, Sendable, CaseIterable {
  case hj76
  case usQuarterHours
  case euHalfHours

  /// The period on which limits are judged.
  public var basic: PeriodKind { self == .euHalfHours ? .halfHour : .hour }

  /// The periods from the shortest to the longest, each made of those before it.
  var kinds: [PeriodKind] { [.minute, basic, .day, .month] }

  /// Readings that a valid minute needs, unless the outlet says otherwise.
  var minuteSamples: Int { self == .hj76 ? 12 : 1 }

  /// Whether minutes are converted to the reference oxygen and then averaged; if not, the means of
  /// the basic period are converted.
  var convertsMinutes: Bool { self == .hj76 }

  /// What a period above the minute needs to be valid. `places` is how many values it has room for.
  func validity(of kind: PeriodKind, places: Int) -> ValidityRule {
    switch (kind, self) {
    case (.day, .hj76): .atLeast(20)
    case (.day, .usQuarterHours): .atLeast(18)
    case (.day, .euHalfHours): .atLeast(43)
    case (.month, .hj76): .atLeast(places <= 29 ? 23 : 25)
    case (.month, .usQuarterHours): .atLeast(22)
    case (.month, .euHalfHours): .atLeast((places * 3 + 3) / 4)
    case (_, .hj76): .atLeast(45)
    case (_, .usQuarterHours): .everyQuarter
    case (_, .euHalfHours): .atLeast(20)
    }
  }
}

/// Which values below it a period needs.
enum ValidityRule: Hashable, Sendable {
  case atLeast(Int)
  /// One at least in each quarter of its places.
  case everyQuarter

  /// Whether the values that are there, place by place, are enough.
  func holds(_ isThere: [Bool]) -> Bool {
    switch self {
    case .atLeast(let least): isThere.count { $0 } >= least
    case .everyQuarter:
      (0..<4).allSatisfy { quarter in
        isThere[isThere.count * quarter / 4..<isThere.count * (quarter + 1) / 4].contains(true)
      }
    }
  }
}
