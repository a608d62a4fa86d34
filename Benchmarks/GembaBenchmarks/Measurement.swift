/// Times of one case: several passes, each over the same work.
struct Measurement {
  /// Milliseconds per piece of work, ascending.
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

  /// Runs `work` over `pieces` in several passes after one to warm up. The minimum is the mean of
  /// every piece's own fastest time, which other load on the machine hardly reaches when the pieces
  /// are short; the other times are means of whole passes.
  init<Piece>(passes: Int, each pieces: [Piece], _ work: (Piece) throws -> Void) rethrows {
    let clock = ContinuousClock()
    var fastest = [Double](repeating: .infinity, count: pieces.count)
    var times: [Double] = []
    for pass in 0...passes {
      let start = clock.now
      for (index, piece) in pieces.enumerated() {
        let before = clock.now
        try work(piece)
        let time = (clock.now - before) / .milliseconds(1)
        if pass > 0 { fastest[index] = min(fastest[index], time) }
      }
      if pass > 0 { times.append((clock.now - start) / .milliseconds(1) / Double(pieces.count)) }
    }
    milliseconds = [fastest.reduce(0, +) / Double(pieces.count)] + times.sorted()
  }

  /// Times that were taken one by one, in milliseconds.
  init(milliseconds: [Double]) {
    self.milliseconds = milliseconds.sorted()
  }

  var minimum: Double { milliseconds[0] }
  var median: Double { percentile(0.5) }

  /// The smallest time that a share of all times does not exceed, share in 0…1.
  func percentile(_ share: Double) -> Double {
    let place = (share * Double(milliseconds.count)).rounded(.up) - 1
    return milliseconds[max(0, min(milliseconds.count - 1, Int(place)))]
  }
}
