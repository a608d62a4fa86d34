// A chunk: readings of one signal as a blob. Format 1, integers as in StreamKernels/PackedBlocks:
//
//     1 · count (varint)
//     quality   runs until count is reached: code (byte) · length (varint)
//               code = quality, + 4 where there is no value
//     times     first (zigzag varint); from two readings on: step (byte) · packed
//               step = exponent of 1,000 that divides every difference, + 4 for second differences
//     values    mode (byte)
//               0…15   decimals: value · 10^mode, whole numbers, packed
//               16…31  the same, differences from the value before (first: from 0)
//               32     exclusive or with the bits of the value before: shift (byte) · packed
//
// A place without a value holds the value before it. Everything is exact, but that −0 becomes 0 and
// that every value that is not finite becomes "no value".

/// What a chunk's bytes begin with.
let chunkFormat: UInt8 = 1

/// Why a blob is not a chunk.
enum ChunkFault: Error, Hashable {
  /// Ends early, or says something that no chunk says.
  case damaged
  /// Written by a newer Gemba.
  case newerFormat(UInt8)
}

/// Mode of values that are no short decimals.
let bitsMode: UInt8 = 32
/// Added to a decimal mode for differences.
let differencesMode: UInt8 = 16
/// Added to a quality's code where there is no value, and to a step for second differences.
let fourMark: UInt8 = 4

/// 10^0 to 10^15, exact.
let decimalFactors: [Double] = (0...15).map { exponent in
  (0..<exponent).reduce(1) { power, _ in power * 10 }
}
/// 1,000^0 to 1,000^3.
let thousands: [Int64] = [1, 1_000, 1_000_000, 1_000_000_000]
