import FactoryModel
import Telemetry

/// Something asked of a connected data logger, and how it goes.
public struct LoggerCommand: Sendable {
  public enum State: String, Sendable {
    /// Sent, without an answer yet; it is sent again after a while.
    case sent
    /// The logger is carrying it out.
    case accepted
    /// Carried out; data, if asked for, are on record.
    case done
    /// The logger does not carry it out: `code` is its QnRtn.
    case refused
    /// The logger could not carry it out: `code` is its ExeRtn.
    case failed
    /// No answer after the last resend.
    case noAnswer
    /// Accepted, but the end was never told.
    case notFinished
    /// The connection ended first.
    case disconnected

    /// Nothing more will come.
    public var isEnd: Bool { self != .sent && self != .accepted }
  }

  public var id: Int
  public var mn: String
  public var request: HJ212Request
  /// The number that the logger's answers bear.
  public var qn: String
  public var state = State.sent
  public var code: Int?
  public var asked: Timestamp
  public var ended: Timestamp?
  /// Packets of data that came in answer.
  public var packets = 0
  /// The first of their data areas.
  public var answers: [String] = []

  mutating func end(_ outcome: HJ212Outcome, at now: Timestamp) {
    (state, code) =
      switch outcome.result {
      case .done: (.done, nil)
      case .refused(let code): (.refused, code)
      case .failed(let code): (.failed, code)
      case .noAnswer: (.noAnswer, nil)
      case .notFinished: (.notFinished, nil)
      }
    packets = outcome.packets
    answers = outcome.answers
    ended = now
  }
}

/// A data logger that is connected.
public struct ConnectedLogger: Sendable {
  public var mn: String
  /// ST.
  public var station: String
  /// When its connection was made.
  public var since: Timestamp
  /// When its connection last brought something.
  public var heard: Timestamp
}

/// Why a data logger cannot be asked.
public struct LoggerNotConnected: Error, Hashable, CustomStringConvertible {
  public var mn: String
  /// Some of those that are connected.
  public var connected: [String]

  public var description: String {
    let others = connected.isEmpty ? "none" : connected.joined(separator: ", ")
    return "\(mn): no logger with this MN is connected (connected: \(others)); "
      + "wait until it sends, or correct the MN"
  }
}
