// Tables that turn the next bits of deflate data into symbols; all in one buffer.
//
// An entry for literals: bits 0–5 how many bits they take, 6–7 how many literals (1–3), 8–31 the
// literals. An entry for a length or a distance: bits 0–5 how many bits with the extra ones, 8–11
// how many without, 12–26 the base; bits 6 and 7 are 0 there. Another entry bears `inflateSpecial`.

/// Bits of the first look for a literal or a length.
let inflateLiteralBits = 12
let inflateLiteralMask: UInt64 = 4095
/// Tables for the last 3 of 15 bits follow the first 4096 entries: at most 143 of 8.
let inflateDistances = 4096 + 1152
/// 512 entries for distances, then tables for the last 6 of 15 bits: at most 15 of 64. Then the
/// tables of one and of two literals in 0…11 bits, each at its own power of two.
let inflateFewer = inflateDistances + 512 + 1024
/// Lengths of the codes of 320 symbols, 32 counters, the codes, the symbols by code.
let inflateLengths = inflateFewer + 2 * 4096
let inflateCounters = inflateLengths + 320
let inflateCodes = inflateCounters + 32
let inflateOrder = inflateCodes + 320
/// The length of the buffer.
public let inflateTablesCount = inflateOrder + 320

/// Not a literal, length or distance: further bits are needed, or the block ends, or the code stands
/// for nothing.
let inflateSpecial: UInt32 = 1 << 31
let inflateFurther: UInt32 = 1 << 30
let inflateBlockEnd: UInt32 = 1 << 29

@inline(__always)
func isLiteral(_ entry: UInt32) -> Bool { entry & 0xC0 != 0 }

/// The tables of a block with fixed codes (RFC 1951, 3.2.6).
func fillFixedTables(_ tables: inout MutableSpan<UInt32>) -> Bool {
  for i in 0..<288 {
    tables[inflateLengths &+ i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8
  }
  for i in 288..<320 { tables[inflateLengths &+ i] = 5 }
  return fillLiterals(&tables, symbols: 288)
    && fillDistances(&tables, at: inflateLengths &+ 288, symbols: 32)
}

/// Reads the code lengths in front of a block (RFC 1951, 3.2.7) and fills the tables. False when
/// zlib would refuse them.
func readTables(
  _ input: Span<UInt8>, _ reader: inout BitReader, to: Int, _ tables: inout MutableSpan<UInt32>
) -> Bool {
  refill(&reader, input)
  let literals = take(&reader, 5) &+ 257
  let distances = take(&reader, 5) &+ 1
  if literals > 286 || distances > 30 { return false }
  if !readLengthCodes(input, &reader, &tables) { return false }
  var i = 0
  while i < literals &+ distances {
    if reader.position > to &+ 8 { return false }
    refill(&reader, input)
    // The table for code lengths stands where the literals' will be.
    let entry = tables[Int(reader.bits & 127)]
    consume(&reader, UInt64(entry & 15))
    let symbol = entry &>> 4
    var value = symbol
    var times = 1
    if symbol > 15 {
      if symbol == 16 && i == 0 { return false }
      value = symbol == 16 ? tables[inflateLengths &+ i &- 1] : 0
      times = symbol == 18 ? 11 &+ take(&reader, 7) : 3 &+ take(&reader, symbol == 16 ? 2 : 3)
    }
    if i &+ times > literals &+ distances { return false }
    for k in i..<i &+ times { tables[inflateLengths &+ k] = value }
    i &+= times
  }
  if tables[inflateLengths &+ 256] == 0 { return false }
  return fillDistances(&tables, at: inflateLengths &+ literals, symbols: distances)
    && fillLiterals(&tables, symbols: literals)
}

/// The code for code lengths: entries of 7 bits, symbol · 16 + length.
private func readLengthCodes(
  _ input: Span<UInt8>, _ reader: inout BitReader, _ tables: inout MutableSpan<UInt32>
) -> Bool {
  let given = take(&reader, 4) &+ 4
  refill(&reader, input)
  for i in 0..<19 { tables[inflateLengths &+ i] = 0 }
  for i in 0..<given {
    if i == 16 { refill(&reader, input) }
    tables[inflateLengths &+ placeOfLength(i)] = UInt32(truncatingIfNeeded: take(&reader, 3))
  }
  if !sortSymbols(&tables, at: inflateLengths, symbols: 19).isComplete { return false }
  for symbol in 0..<19 {
    let length = tables[inflateLengths &+ symbol]
    if length == 0 { continue }
    var i = Int(tables[inflateCodes &+ symbol])
    while i < 128 {
      tables[i] = UInt32(truncatingIfNeeded: symbol) &<< 4 | length
      i &+= 1 &<< Int(length)
    }
  }
  return true
}

/// The order in which lengths of length codes come: 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1 15.
private func placeOfLength(_ i: Int) -> Int {
  if i < 3 { return 16 &+ i }
  if i == 3 { return 0 }
  return i & 1 == 0 ? 8 &+ (i &- 4) / 2 : 7 &- (i &- 5) / 2
}

/// Lists the symbols by the length of their code, and gives each its code as it stands in the bits,
/// lowest first. Whether the code is complete, and how many symbols it has.
func sortSymbols(
  _ tables: inout MutableSpan<UInt32>, at: Int, symbols: Int
) -> (isComplete: Bool, used: Int) {
  let places = inflateCounters &+ 16
  for i in 0..<32 { tables[inflateCounters &+ i] = 0 }
  for i in 0..<symbols {
    let counter = inflateCounters &+ Int(tables[at &+ i])
    tables[counter] = tables[counter] &+ 1
  }
  var used: UInt32 = 0
  var room = 0
  for length in 1...15 {
    tables[places &+ length] = used
    used &+= tables[inflateCounters &+ length]
    room &+= Int(tables[inflateCounters &+ length]) &<< (15 &- length)
  }
  for i in 0..<symbols {
    let length = Int(tables[at &+ i])
    if length == 0 { continue }
    tables[inflateOrder &+ Int(tables[places &+ length])] = UInt32(truncatingIfNeeded: i)
    tables[places &+ length] = tables[places &+ length] &+ 1
  }
  if room <= 1 &<< 15 { giveCodes(&tables, at: at, used: Int(used)) }
  return (room == 1 &<< 15, Int(used))
}

private func giveCodes(_ tables: inout MutableSpan<UInt32>, at: Int, used: Int) {
  var code: UInt32 = 0
  for i in 0..<used {
    let symbol = Int(tables[inflateOrder &+ i])
    tables[inflateCodes &+ symbol] = code
    // Counting upwards with the bits turned round: the highest 0 becomes 1, the ones above it 0.
    let zeros = code ^ ((1 &<< tables[at &+ symbol]) &- 1)
    if zeros == 0 { return }
    let highest: UInt32 = 1 &<< (31 &- UInt32(truncatingIfNeeded: zeros.leadingZeroBitCount))
    code = (code & (highest &- 1)) | highest
  }
}
