import FactoryModel
import StreamKernels

/// The readings of one commit that are too few for chunks of their own: for each signal its number
/// (varint), the length of a chunk in bytes (varint) and the chunk.
enum TailRow {
  /// Adds readings of one signal to a row, in the order given.
  static func append(_ samples: ArraySlice<Sample>, of signal: Int, to row: inout [UInt8]) {
    let chunk = ChunkEncoder.encode(samples)
    append(UInt64(signal), to: &row)
    append(UInt64(chunk.count), to: &row)
    row.append(contentsOf: chunk)
  }

  /// What a row holds, for one signal or for all, in the order it was written.
  static func decode(
    _ row: [UInt8], only wanted: Int? = nil
  ) throws(ChunkFault) -> [(signal: Int, samples: [Sample])] {
    var found: [(signal: Int, samples: [Sample])] = []
    var place = 0
    while place < row.count {
      let (signal, hasSignal) = readVarint(row.span, at: &place, end: row.count)
      let (length, hasLength) = readVarint(row.span, at: &place, end: row.count)
      guard hasSignal, hasLength, signal <= UInt64(Int32.max), length <= UInt64(row.count - place)
      else { throw .damaged }
      let end = place + Int(length)
      if wanted == nil || wanted == Int(signal) {
        found.append((Int(signal), try ChunkDecoder.decode(row[place..<end])))
      }
      place = end
    }
    return found
  }

  private static func append(_ number: UInt64, to row: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      row.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    row.append(UInt8(rest))
  }
}
