import FactoryModel

/// Why an attempt at an action failed.
enum ActionFault: Error, Hashable, CustomStringConvertible {
  /// Not with a status of success.
  case answered(url: String, status: UInt)
  case notReached(url: String, reason: String)
  case noBroker(broker: String, reason: String)
  case cannotStart(program: String, reason: String)
  case exited(program: String, code: Int32)
  case timedOut(Duration)
  case cannotHold(output: String, value: Double)
  case noNumber(payload: String)

  var description: String {
    switch self {
    case .answered(let url, let status):
      "\(url): answered with status \(status), expected 200 to 299; see what the receiver logs"
    case .notReached(let url, let reason):
      "\(url): no answer, \(reason); see whether the receiver runs"
    case .noBroker(let broker, let reason):
      "mqtt broker \(broker): \(reason); see whether the broker runs and lets us in"
    case .cannotStart(let program, let reason):
      "\(program): cannot be started, \(reason); give the path of a program"
    case .exited(let program, let code):
      "\(program): ended with code \(code), expected 0; run it by hand"
    case .timedOut(let limit):
      "not done within \(limit.inSeconds) s; see what holds it up or raise timeout"
    case .cannotHold(let output, let value):
      "\(output): its type cannot hold \(JSONText.number(value)); see type, scale and offset"
    case .noNumber(let payload):
      "the order \(payload.prefix(80)) says no number to write; the record is damaged"
    }
  }
}
