import FactoryModel
import Storage

extension LineMonitor {
  /// The moment of the record's first sample, nil without one.
  nonisolated func firstSample() throws -> Timestamp? {
    try SampleHistory(file).extents().compactMap(\.times?.lowerBound).min()
  }

  /// Orders that actions tell of something that is no alarm; returns when that is on record.
  /// - Parameter serial: tells it from others; a second order of one serial and action is none.
  func order(_ payload: String, of names: [String], serial: Int64) async throws {
    guard !names.isEmpty else { return }
    unwrittenEntries.orders += names.map {
      ActionOrder(serial: serial, action: $0, payload: payload, due: now)
    }
    try await commit()
  }
}
