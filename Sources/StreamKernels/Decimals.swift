/// Eight bytes from `place` on, the first in the lowest place. They must lie inside the span.
@inline(__always)
func eightBytes(_ bytes: borrowing Span<UInt8>, at place: Int) -> UInt64 {
  UInt64(
    littleEndian: bytes.bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: place, as: UInt64.self))
}

/// How many of eight ASCII bytes are digits before the first that is none: 0 to 8.
@inline(__always)
func leadingDigits(_ eight: UInt64) -> Int {
  // A digit becomes 0…9; adding 0x76 to each of those leaves its high bit clear. No byte below the
  // first that is no digit carries into its neighbour.
  let digits = eight ^ 0x3030_3030_3030_3030
  let marks = (digits | (digits &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080
  return marks.trailingZeroBitCount &>> 3
}

/// The number that the first `count` (1 to 8) of eight ASCII digits spell.
@inline(__always)
func numberOfDigits(_ eight: UInt64, count: Int) -> UInt64 {
  // Right-aligned behind zeros; then pairs, fours and eights of digits are joined by one
  // multiplication each (D. Lemire, Fast number parsing, 2021).
  var x = (eight ^ 0x3030_3030_3030_3030) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
  x = (x &* 10 &+ (x &>> 8)) & 0x00FF_00FF_00FF_00FF
  x = (x &* 100 &+ (x &>> 16)) & 0x0000_FFFF_0000_FFFF
  return (x &* 10_000 &+ (x &>> 32)) & 0xFFFF_FFFF
}

/// 10 to the power of 0 to 8.
@inline(__always)
func smallPowerOfTen(_ exponent: Int) -> UInt64 {
  switch exponent {
  case 0: 1
  case 1: 10
  case 2: 100
  case 3: 1_000
  case 4: 10_000
  case 5: 100_000
  case 6: 1_000_000
  case 7: 10_000_000
  default: 100_000_000
  }
}

/// Reads digits from `place` on and moves it behind them.
///
/// `number` goes on from what it was, `count` grows by the digits read. Reading stops behind the
/// first group that brings `count` over 18, so that `number` never overflows.
@inline(__always)
func readDigits(
  _ bytes: borrowing Span<UInt8>, at place: inout Int, into number: inout UInt64,
  counting count: inout Int
) {
  while true {
    let eight = eightBytes(bytes, at: place)
    let digits = leadingDigits(eight)
    if digits == 0 { return }
    if count &+ digits > 19 {
      count = 20
      return
    }
    number = number &* smallPowerOfTen(digits) &+ numberOfDigits(eight, count: digits)
    count &+= digits
    place &+= digits
    if digits < 8 { return }
  }
}
