// Whole numbers in blocks of 64, each block as its least number and the rest above it in as many
// bits as its largest rest needs. Costs two bytes a block where all are equal, follows a level
// shift within a block, and one outlier widens 64 numbers only. A block is
//
//     least (zigzag varint) · width in bits (one byte) · numbers − least, lowest bits first
//
// padded to whole bytes. Bit streams with a code per number (Gorilla) are 5–10 % smaller on
// irregular data and three times slower to read.

/// Numbers in a full block.
public let packedBlockCount = 64

/// The most bytes that `count` numbers take, with room for the eight-byte stores of the packer.
public func mostPackedBytes(_ count: Int) -> Int {
  (count &+ packedBlockCount &- 1) / packedBlockCount &* (11 &+ 8 &* packedBlockCount) &+ 16
}

/// Bytes that `packBlocks` would write.
public func packedBytes(_ numbers: Span<Int64>) -> Int {
  var bytes = 0
  var start = 0
  while start < numbers.count {
    let count = min(packedBlockCount, numbers.count &- start)
    let (least, width) = leastAndWidth(numbers, from: start, count: count)
    bytes &+= varintBytes(zigzag(least)) &+ 1 &+ (count &* width &+ 7) &>> 3
    start &+= count
  }
  return bytes
}

/// Writes numbers from `place` on and moves it behind them.
public func packBlocks(
  _ numbers: Span<Int64>, into out: inout MutableSpan<UInt8>, at place: inout Int
) {
  var start = 0
  while start < numbers.count {
    let count = min(packedBlockCount, numbers.count &- start)
    let (least, width) = leastAndWidth(numbers, from: start, count: count)
    writeVarint(zigzag(least), into: &out, at: &place)
    out[place] = UInt8(truncatingIfNeeded: width)
    place &+= 1
    var word: UInt64 = 0
    var filled = 0
    if width > 0 {
      for i in start..<start &+ count {
        let rest = UInt64(bitPattern: numbers[i] &- least)
        word |= rest &<< UInt64(truncatingIfNeeded: filled)
        filled &+= width
        if filled >= 64 {
          writeEight(word, into: &out, at: place)
          place &+= 8
          filled &-= 64
          // The bits of this number that found no room; none when it ended with the word.
          let used = width &- filled
          word = used == 64 ? 0 : rest &>> UInt64(truncatingIfNeeded: used)
        }
      }
    }
    if filled > 0 {
      writeEight(word, into: &out, at: place)
      place &+= (filled &+ 7) &>> 3
    }
    start &+= count
  }
}

/// Reads numbers from `place` on and moves it behind them; eight more bytes must be readable behind
/// `end`. False when they do not end before `end`.
public func unpackBlocks(
  _ bytes: Span<UInt8>, at place: inout Int, end: Int, into numbers: inout MutableSpan<Int64>
) -> Bool {
  var start = 0
  while start < numbers.count {
    let count = min(packedBlockCount, numbers.count &- start)
    let (code, isWhole) = readVarint(bytes, at: &place, end: end)
    if !isWhole || place >= end { return false }
    let least = unzigzag(code)
    let width = Int(bytes[place])
    place &+= 1
    let length = (count &* width &+ 7) &>> 3
    if width > 64 || length > end &- place { return false }
    let mask: UInt64 = width == 0 ? 0 : ~0 &>> UInt64(truncatingIfNeeded: 64 &- width)
    var bit = 0
    for i in start..<start &+ count {
      let byte = place &+ bit &>> 3
      let shift = UInt64(truncatingIfNeeded: bit & 7)
      var word = eightBytes(bytes, at: byte) &>> shift
      if width > 56 && shift > 0 { word |= UInt64(bytes[byte &+ 8]) &<< (64 &- shift) }
      numbers[i] = least &+ Int64(bitPattern: word & mask)
      bit &+= width
    }
    place &+= length
    start &+= count
  }
  return true
}

@inline(__always)
private func leastAndWidth(
  _ numbers: borrowing Span<Int64>, from start: Int, count: Int
) -> (Int64, Int) {
  var least = numbers[start]
  var most = least
  for i in start..<start &+ count {
    least = min(least, numbers[i])
    most = max(most, numbers[i])
  }
  return (least, 64 &- UInt64(bitPattern: most &- least).leadingZeroBitCount)
}

/// 0, −1, 1, −2, … as 0, 1, 2, 3, …
@inline(__always)
public func zigzag(_ number: Int64) -> UInt64 {
  UInt64(bitPattern: (number &<< 1) ^ (number &>> 63))
}

/// The number behind a zigzag code.
@inline(__always)
public func unzigzag(_ code: UInt64) -> Int64 {
  Int64(bitPattern: code &>> 1) ^ -Int64(bitPattern: code & 1)
}

@inline(__always)
private func varintBytes(_ number: UInt64) -> Int {
  max(1, (70 &- number.leadingZeroBitCount) / 7)
}

/// Seven bits a byte, lowest first; the high bit says that more follow.
public func writeVarint(
  _ number: UInt64, into out: inout MutableSpan<UInt8>, at place: inout Int
) {
  var rest = number
  while rest >= 0x80 {
    out[place] = UInt8(truncatingIfNeeded: rest | 0x80)
    place &+= 1
    rest &>>= 7
  }
  out[place] = UInt8(truncatingIfNeeded: rest)
  place &+= 1
}

/// The number at `place`; false when it does not end before `end` or is longer than ten bytes.
public func readVarint(
  _ bytes: Span<UInt8>, at place: inout Int, end: Int
) -> (UInt64, Bool) {
  var number: UInt64 = 0
  var shift: UInt64 = 0
  while place < end && shift < 64 {
    let byte = bytes[place]
    place &+= 1
    number |= UInt64(byte & 0x7F) &<< shift
    if byte < 0x80 { return (number, true) }
    shift &+= 7
  }
  return (0, false)
}

@inline(__always)
private func writeEight(_ word: UInt64, into out: inout MutableSpan<UInt8>, at place: Int) {
  for i in 0..<8 { out[place &+ i] = UInt8(truncatingIfNeeded: word &>> UInt64(i &* 8)) }
}
