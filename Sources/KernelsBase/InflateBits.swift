// A tuple and free functions, not a type: a type of its own would bring weak symbols into the v3
// objects (Documentation/Decisions/0001-kernels.md).

/// Bits of compressed data, the lowest first.
///
/// `bits` holds at least `available` bits that are not yet consumed; what stands above them is right,
/// too. Of `available` only the lowest six bits count, so that table entries are subtracted without
/// a mask. `position` is where the next byte is loaded from.
typealias BitReader = (bits: UInt64, available: UInt64, position: Int)

/// Brings `available` to 56 or more.
@inline(__always)
func refill(_ reader: inout BitReader, _ input: Span<UInt8>) {
  let next = input.bytes.unsafeLoadUnaligned(fromByteOffset: reader.position, as: UInt64.self)
  reader.bits |= next &<< reader.available
  reader.position &+= Int((~reader.available &>> 3) & 7)
  reader.available |= 56
}

/// Drops as many bits as the lowest six bits of `count` say.
@inline(__always)
func consume(_ reader: inout BitReader, _ count: UInt64) {
  reader.bits = reader.bits &>> count
  reader.available &-= count
}

/// The next `count` bits, which must be available.
@inline(__always)
func take(_ reader: inout BitReader, _ count: UInt64) -> Int {
  let value = Int(reader.bits & ((1 &<< count) &- 1))
  consume(&reader, count)
  return value
}

/// Where the first byte lies of which no bit is consumed.
@inline(__always)
func nextByte(_ reader: BitReader) -> Int {
  reader.position &- Int((reader.available & 63) &>> 3)
}
