import FactoryModel
import Telemetry

extension LineMonitor {
  /// Takes bytes of a data logger; gives the answers, to be sent once this returns.
  func read(hj212 bytes: [UInt8], with receiver: inout HJ212Receiver) async throws -> [UInt8] {
    let before = receiver.counts
    let answers = receiver.receive(
      bytes, at: now, signals: &table, into: &batch)
    count(receiver.counts, since: before)
    takeBatch()
    try await commit()
    return answers
  }

  /// A data logger has closed its connection: what it left unfinished is given up.
  func endOf(_ receiver: inout HJ212Receiver) async throws {
    let before = receiver.counts
    while let deadline = receiver.deadline {
      _ = receiver.advance(to: deadline, signals: &table, into: &batch)
    }
    count(receiver.counts, since: before)
    takeBatch()
    try await commit()
  }

  private func count(_ now: HJ212Counts, since before: HJ212Counts) {
    counts.packets += now.packets - before.packets
    counts.packetsRefused += now.damaged - before.damaged
  }
}
