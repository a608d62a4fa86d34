/// Times of one case: several passes, each over the same work.
struct Measurement {
  /// Milliseconds per piece of work, ascending, one for each pass.
  let milliseconds: [Double]

  /// Runs `pass` once to warm up and then `passes` times; each does `pieces` pieces of work.
  init(passes: Int, pieces: Int, _ pass: () throws -> Void) rethrows {
    let clock = ContinuousClock()
    try pass()
    var times: [Double] = []
    for _ in 0..<passes {
      let start = clock.now
      try pass()
      times.append((clock.now - start) / .milliseconds(1) / Double(pieces))
    }
    milliseconds = times.sorted()
  }

  var minimum: Double { milliseconds[0] }
  var median: Double { milliseconds[milliseconds.count / 2] }
}

/// One line of JSON per case.
enum Line {
  static func print(_ name: String, _ measured: Measurement, _ figures: [(String, Double)] = []) {
    let extra = figures.map { ",\"\($0.0)\":\(rounded($0.1))" }.joined()
    Swift.print(
      "{\"case\":\"\(name)\",\"minimumMilliseconds\":\(rounded(measured.minimum)),"
        + "\"medianMilliseconds\":\(rounded(measured.median)),"
        + "\"passes\":\(measured.milliseconds.count)\(extra)}")
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e5).rounded() / 1e5 }
}
