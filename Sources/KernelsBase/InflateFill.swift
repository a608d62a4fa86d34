// Filling the tables of InflateTables.swift.
//
// To fill the table of up to three literals in 12 bits without looking at entry after entry, tables
// of fewer literals in fewer bits come first: the entries that begin with a literal of l bits are
// that literal followed by every entry of the table of (one literal less, l bits less).

/// The table of literals and lengths; false when the code is not complete.
func fillLiterals(_ tables: inout MutableSpan<UInt32>, symbols: Int) -> Bool {
  let (isComplete, used) = sortSymbols(&tables, at: inflateLengths, symbols: symbols)
  if !isComplete { return false }
  let shortest = Int(tables[inflateLengths &+ Int(tables[inflateOrder])])
  fillOne(&tables, used: used, largest: inflateLiteralBits &- shortest)
  fillTwo(&tables, used: used, largest: inflateLiteralBits &- shortest)
  var place = 0
  while place < used {
    let symbol = Int(tables[inflateOrder &+ place])
    let length = Int(tables[inflateLengths &+ symbol])
    if length > inflateLiteralBits { break }
    let code = Int(tables[inflateCodes &+ symbol])
    if symbol < 256 {
      let count = 1 &<< (inflateLiteralBits &- length)
      follow(
        &tables, literalEntry(symbol, length), length: length,
        by: inflateFewer &+ 4096 &+ count, count: count, into: code)
    } else {
      let entry = lengthEntry(symbol, length)
      spread(&tables, entry, from: code, to: 4096, step: 1 &<< length)
    }
    place &+= 1
  }
  fillLong(&tables, from: place, used: used)
  return true
}

/// Codes of more than 12 bits: a table of the last three for each first 12.
private func fillLong(_ tables: inout MutableSpan<UInt32>, from first: Int, used: Int) {
  var next = 4096
  var begun = -1
  for place in first..<used {
    let symbol = Int(tables[inflateOrder &+ place])
    let rest = Int(tables[inflateLengths &+ symbol]) &- inflateLiteralBits
    let code = Int(tables[inflateCodes &+ symbol])
    if code & 4095 != begun {
      begun = code & 4095
      tables[begun] = inflateSpecial | inflateFurther | UInt32(truncatingIfNeeded: next &<< 8)
      next &+= 8
    }
    let entry = symbol < 256 ? literalEntry(symbol, rest) : lengthEntry(symbol, rest)
    spread(&tables, entry, from: next &- 8 &+ code &>> 12, to: next, step: 1 &<< rest)
  }
}

/// The tables of one literal in 0…`largest` bits; 0 where none fits.
private func fillOne(_ tables: inout MutableSpan<UInt32>, used: Int, largest: Int) {
  for i in 1..<2 &<< largest { tables[inflateFewer &+ i] = 0 }
  for place in 0..<used {
    let symbol = Int(tables[inflateOrder &+ place])
    let length = Int(tables[inflateLengths &+ symbol])
    if length > largest { return }
    if symbol > 255 { continue }
    let code = Int(tables[inflateCodes &+ symbol])
    for bits in length...largest {
      let table = inflateFewer &+ 1 &<< bits
      spread(
        &tables, literalEntry(symbol, length), from: table &+ code, to: table &+ 1 &<< bits,
        step: 1 &<< length)
    }
  }
}

/// The tables of up to two literals in 0…`largest` bits; 0 where none fits.
private func fillTwo(_ tables: inout MutableSpan<UInt32>, used: Int, largest: Int) {
  let two = inflateFewer &+ 4096
  for i in 1..<2 &<< largest { tables[two &+ i] = 0 }
  for place in 0..<used {
    let symbol = Int(tables[inflateOrder &+ place])
    let length = Int(tables[inflateLengths &+ symbol])
    if length > largest { return }
    if symbol > 255 { continue }
    let code = Int(tables[inflateCodes &+ symbol])
    for bits in length...largest {
      let count = 1 &<< (bits &- length)
      follow(
        &tables, literalEntry(symbol, length), length: length, by: inflateFewer &+ count,
        count: count, into: two &+ 1 &<< bits &+ code)
    }
  }
}

/// Writes a literal of `length` bits followed by each of the `count` entries at `by`.
@inline(__always)
private func follow(
  _ tables: inout MutableSpan<UInt32>, _ entry: UInt32, length: Int, by: Int, count: Int, into: Int
) {
  for j in 0..<count {
    let after = tables[by &+ j]
    tables[into &+ j &<< length] = entry &+ (after & 0xFF) &+ (after & 0xFFFF_FF00) &<< 8
  }
}

@inline(__always)
private func spread(
  _ tables: inout MutableSpan<UInt32>, _ entry: UInt32, from: Int, to: Int, step: Int
) {
  var i = from
  while i < to {
    tables[i] = entry
    i &+= step
  }
}

@inline(__always)
private func literalEntry(_ symbol: Int, _ bits: Int) -> UInt32 {
  UInt32(truncatingIfNeeded: symbol &<< 8 | 1 &<< 6 | bits)
}

/// The entry of symbol 256 (end of block) or above (lengths; RFC 1951, 3.2.5).
private func lengthEntry(_ symbol: Int, _ bits: Int) -> UInt32 {
  if symbol == 256 {
    return inflateSpecial | inflateBlockEnd | UInt32(truncatingIfNeeded: bits)
  }
  if symbol > 285 { return inflateSpecial }
  if symbol == 285 { return valueEntry(base: 258, extra: 0, bits) }
  let i = symbol &- 257
  let extra = i < 8 ? 0 : i / 4 &- 1
  let base = i < 8 ? 3 &+ i : 3 &+ (4 &+ i & 3) &<< extra
  return valueEntry(base: base, extra: extra, bits)
}

/// The entry of a distance symbol (RFC 1951, 3.2.5).
private func distanceEntry(_ symbol: Int, _ bits: Int) -> UInt32 {
  if symbol > 29 { return inflateSpecial }
  let extra = symbol < 4 ? 0 : symbol / 2 &- 1
  let base = symbol < 4 ? 1 &+ symbol : 1 &+ (2 &+ symbol & 1) &<< extra
  return valueEntry(base: base, extra: extra, bits)
}

@inline(__always)
private func valueEntry(base: Int, extra: Int, _ bits: Int) -> UInt32 {
  UInt32(truncatingIfNeeded: base &<< 12 | bits &<< 8 | (bits &+ extra))
}

/// The table of distances: a complete code, or a single one of one bit, or none at all; false for
/// another.
func fillDistances(_ tables: inout MutableSpan<UInt32>, at: Int, symbols: Int) -> Bool {
  let (isComplete, used) = sortSymbols(&tables, at: at, symbols: symbols)
  let isSingle = used == 1 && tables[at &+ Int(tables[inflateOrder])] == 1
  if !isComplete && used != 0 && !isSingle { return false }
  for i in 0..<512 { tables[inflateDistances &+ i] = inflateSpecial }
  var next = inflateDistances &+ 512
  var begun = -1
  for place in 0..<used {
    let symbol = Int(tables[inflateOrder &+ place])
    let length = Int(tables[at &+ symbol])
    let code = Int(tables[inflateCodes &+ symbol])
    if length <= 9 {
      spread(
        &tables, distanceEntry(symbol, length), from: inflateDistances &+ code,
        to: inflateDistances &+ 512, step: 1 &<< length)
      continue
    }
    if code & 511 != begun {
      begun = code & 511
      tables[inflateDistances &+ begun] =
        inflateSpecial | inflateFurther | UInt32(truncatingIfNeeded: next &<< 8)
      next &+= 64
    }
    spread(
      &tables, distanceEntry(symbol, length &- 9), from: next &- 64 &+ code &>> 9, to: next,
      step: 1 &<< (length &- 9))
  }
  return true
}
