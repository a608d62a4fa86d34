import Imaging

/// A made-up day of a die-casting plant as telemetry: two casters, a trimmer, a camera's verdicts, a
/// boiler's stack as its analyser measures it, hall and rack. The same for a seed on every machine.
///
/// What happens, by the hours of the day: caster 2 loses its cooling at 10:20 and stands until 10:50,
/// with a flood of alarms; the boiler's NOx is above its limit from 17:00 to 18:00; many castings are
/// rejected from 15:00 to 15:40; the hall is loud at 19:30; caster 1 has a changeover at 13:30; the
/// rack runs low at 21:00; caster 2's die is hot again from 23:50, stands from 23:54, and stays so.
public struct PlantDay: Sendable {
  /// Midnight at which the day begins, in seconds since 1970.
  public let start: Int64
  let seed: UInt64

  /// - Parameters:
  ///   - start: seconds since 1970, from 0 to 7,258,000,000.
  ///   - seed: another seed makes other noise and other rejects.
  public init(start: Int64, seed: UInt64) {
    precondition((0...7_258_000_000).contains(start), "a day that begins at \(start)")
    self.start = start
    self.seed = seed
  }

  /// Line protocol with times in nanoseconds, in order of time.
  /// - Parameter hour: 0 to 23.
  public func lines(ofHour hour: Int) -> String {
    precondition((0..<24).contains(hour), "hour \(hour)")
    var noise = SeededGenerator(seed: seed &* 1_000 &+ UInt64(hour))
    var text = ""
    for second in stride(from: hour * 3_600, to: (hour + 1) * 3_600, by: 5) {
      var moment = Moment(second: second, noise: noise)
      for line in moment.lines { text += "\(line) \(start + Int64(second))000000000\n" }
      noise = moment.noise
    }
    return text
  }
}

/// What is sent at one moment of the day.
private struct Moment {
  let second: Int
  var noise: SeededGenerator

  /// Without their time.
  var lines: [String] {
    mutating get {
      var lines = [stack]
      if second % 30 == 0 { lines += [caster(1), caster(2), trimmer, hall] }
      if second % 60 == 0 { lines += zones(1) + zones(2) }
      if second % 40 == 10, isRunning(1) { lines += casting(1) }
      if second % 40 == 30, isRunning(2) { lines += casting(2) }
      return lines
    }
  }

  private func isWithin(_ from: Int, _ to: Int) -> Bool { (from * 60..<to * 60).contains(second) }
  /// Minutes after midnight.
  private var isCoolingLost: Bool { isWithin(620, 650) }
  private var isHotAgain: Bool { isWithin(1_430, 1_440) }

  private func isRunning(_ caster: Int) -> Bool {
    caster == 1 ? !isWithin(810, 835) : !isWithin(624, 650) && !isWithin(1_434, 1_440)
  }

  private func isSick(_ caster: Int) -> Bool { caster == 2 && (isCoolingLost || isHotAgain) }

  /// What the die is hotter by.
  private func heat(_ caster: Int) -> Float {
    isSick(caster) ? min(Float(second % 3_600 - (isHotAgain ? 3_000 : 1_200)) / 8, 55) : 0
  }

  private mutating func zones(_ caster: Int) -> [String] {
    (1...4).map { zone in
      let value = 170 + Float(zone) * 4 + heat(caster) + noise.uniform(-3, 3)
      return "caster,id=c\(caster),zone=\(zone) zone_temp=\(number1(value))"
    }
  }

  private mutating func caster(_ number: Int) -> String {
    let isSick = isSick(number)
    let state =
      isRunning(number) ? "running" : number == 1 ? "setup" : "stopped"
    let die = number1(196 + heat(number) + noise.uniform(-3, 3))
    let cooling = number1(isSick ? noise.uniform(1, 3) : noise.uniform(22, 26))
    let force = number1(isRunning(number) ? noise.uniform(780, 820) : noise.uniform(0, 5))
    let vibration = number1(isSick ? noise.uniform(9, 12) : noise.uniform(2, 4))
    return "caster,id=c\(number) die_temp=\(die),cooling_flow=\(cooling),force=\(force),"
      + "vibration=\(vibration),state=\"\(state)\""
  }

  private mutating func casting(_ caster: Int) -> [String] {
    let isBad = noise.below(1_000) < (isWithin(900, 940) ? 180 : 18)
    let score = number1(isBad ? noise.uniform(2, 6) : noise.uniform(0.2, 0.9))
    return [
      "parts,station=casting count=1", "parts,station=trimming count=1",
      "inspection,camera=c1 reject=\(isBad ? 1 : 0),score=\(score)",
    ]
  }

  private var trimmer: String {
    mutating get { "trimmer power=\(number1(noise.uniform(27, 33))),state=\"running\"" }
  }

  private var stack: String {
    mutating get {
      let nox = number1((isWithin(1_020, 1_080) ? 118 : 78) + noise.uniform(-8, 8))
      return "stack nox=\(nox),so2=\(number1(noise.uniform(12, 20))),"
        + "o2=\(number1(noise.uniform(4.2, 5))),flow=\(number1(noise.uniform(11_800, 12_200)))"
    }
  }

  private var hall: String {
    mutating get {
      let loud: Float = isWithin(1_170, 1_176) ? 18 : 0
      let rack = isWithin(1_260, 1_290) ? noise.uniform(4, 8) : noise.uniform(45, 60)
      return "hall noise=\(number1(72 + loud + noise.uniform(-2, 2))),"
        + "temp=\(number1(24 + noise.uniform(-1, 1))),rack=\(number1(rack))"
    }
  }

  /// With one decimal, the same on every machine.
  private func number1(_ value: Float) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }
}
