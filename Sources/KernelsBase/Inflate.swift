// Decompresses deflate data (RFC 1951), made for the noisy gray of photographs, of which four
// symbols in five are literals: one look into the table of 12 bits yields up to three of them
// (InflateTables). There is one loop only. It needs no care near the ends because both buffers are
// longer than their content: it may read and write a little too far, looks once a turn whether it
// has, and then fails.
//
// Whatever zlib might refuse or read otherwise fails here too: the caller then asks libpng.

/// Bytes that must follow the compressed bytes (zeros) and the place for the result (anything).
public let inflateSlack = 320

/// Inflates `input[from ..< to]` into `out[0 ..< size]` and returns where the compressed data ended;
/// −1 when they are damaged, unusual or not of exactly `size` bytes.
///
/// `inflateSlack` more bytes stand in `input` after `to` and in `out` after `size`. Matches reach
/// back at most `window` bytes. `tables` is scratch of `inflateTablesCount`.
public func inflate(
  _ input: Span<UInt8>, from: Int, to: Int, window: Int, into out: inout MutableSpan<UInt8>,
  size: Int, tables: inout MutableSpan<UInt32>
) -> Int {
  var reader: BitReader = (0, 0, from)
  var at = 0
  var isLast = 0
  while isLast == 0 {
    if reader.position > to &+ 8 { return -1 }
    refill(&reader, input)
    isLast = take(&reader, 1)
    switch take(&reader, 2) {
    case 0:
      at = storedBlock(input, &reader, to: to, into: &out, at: at, end: size)
    case 1:
      if !fillFixedTables(&tables) { return -1 }
      at = inflateSymbols(
        input, &reader, to: to, tables.span, window: window, into: &out, at: at, end: size)
    case 2:
      if !readTables(input, &reader, to: to, &tables) { return -1 }
      at = inflateSymbols(
        input, &reader, to: to, tables.span, window: window, into: &out, at: at, end: size)
    default: return -1
    }
    if at < 0 { return -1 }
  }
  let read = nextByte(reader)
  return at == size && read <= to ? read : -1
}

/// Copies a block that is not compressed; returns the end of the output, −1 on a fault.
private func storedBlock(
  _ input: Span<UInt8>, _ reader: inout BitReader, to: Int, into out: inout MutableSpan<UInt8>,
  at: Int, end: Int
) -> Int {
  let from = nextByte(reader)
  if from &+ 4 > to { return -1 }
  let length = Int(input[from]) | Int(input[from &+ 1]) &<< 8
  let inverse = Int(input[from &+ 2]) | Int(input[from &+ 3]) &<< 8
  if length ^ inverse != 0xFFFF || from &+ 4 &+ length > to || at &+ length > end { return -1 }
  for i in 0..<length { out[at &+ i] = input[from &+ 4 &+ i] }
  reader = (0, 0, from &+ 4 &+ length)
  return at &+ length
}

/// Decodes the symbols of one block up to its end; returns the end of the output, −1 on a fault.
private func inflateSymbols(
  _ input: Span<UInt8>, _ shared: inout BitReader, to: Int, _ tables: Span<UInt32>, window: Int,
  into out: inout MutableSpan<UInt8>, at first: Int, end: Int
) -> Int {
  var reader = shared
  var at = first
  while at <= end && reader.position <= to &+ 8 {
    refill(&reader, input)
    var entry = symbol(tables, reader)
    if isLiteral(entry) {
      put(entry, &reader, &out, &at)
      entry = symbol(tables, reader)
      if isLiteral(entry) {
        put(entry, &reader, &out, &at)
        entry = symbol(tables, reader)
        if isLiteral(entry) {
          put(entry, &reader, &out, &at)
          entry = symbol(tables, reader)
          if isLiteral(entry) {
            put(entry, &reader, &out, &at)
            continue
          }
        }
      }
      refill(&reader, input)
    }
    if entry & inflateSpecial != 0 {
      if entry & inflateFurther != 0 {
        consume(&reader, UInt64(inflateLiteralBits))
        entry = tables[Int(entry &>> 8 & 0xFFFF) &+ Int(reader.bits & 7)]
        if isLiteral(entry) {
          put(entry, &reader, &out, &at)
          continue
        }
      }
      if entry & inflateSpecial != 0 {
        consume(&reader, UInt64(entry))
        shared = reader
        return entry & inflateBlockEnd != 0 ? at : -1
      }
    }
    let length = value(entry, &reader)
    let distance = distance(tables, &reader)
    if distance > at || distance > window || distance == 0 { return -1 }
    repeatBytes(&out, at: at, distance: distance, length: length)
    at &+= length
  }
  return -1
}

/// The distance that comes next; 0 when the code stands for none.
@inline(__always)
private func distance(_ tables: Span<UInt32>, _ reader: inout BitReader) -> Int {
  var entry = tables[inflateDistances &+ Int(reader.bits & 511)]
  if entry & inflateSpecial != 0 {
    if entry & inflateFurther == 0 { return 0 }
    consume(&reader, 9)
    entry = tables[Int(entry &>> 8 & 0xFFFF) &+ Int(reader.bits & 63)]
    if entry & inflateSpecial != 0 { return 0 }
  }
  return value(entry, &reader)
}

@inline(__always)
private func symbol(_ tables: Span<UInt32>, _ reader: BitReader) -> UInt32 {
  tables[Int(reader.bits & inflateLiteralMask)]
}

/// Writes the one to three literals of an entry.
@inline(__always)
private func put(
  _ entry: UInt32, _ reader: inout BitReader, _ out: inout MutableSpan<UInt8>, _ at: inout Int
) {
  consume(&reader, UInt64(entry))
  var bytes = out.mutableBytes
  bytes.storeBytes(of: entry &>> 8, toByteOffset: at, as: UInt32.self)
  at &+= Int((entry &>> 6) & 3)
}

/// Base and extra bits of a length or a distance.
@inline(__always)
private func value(_ entry: UInt32, _ reader: inout BitReader) -> Int {
  let code = UInt64(entry &>> 8 & 15)
  let extra = (reader.bits & ((1 &<< UInt64(entry)) &- 1)) &>> code
  consume(&reader, UInt64(entry))
  return Int(entry &>> 12 & 0x7FFF) &+ Int(extra)
}

/// Writes `length` bytes from `distance` before, and up to 31 bytes more.
@inline(__always)
private func repeatBytes(
  _ out: inout MutableSpan<UInt8>, at: Int, distance: Int, length: Int
) {
  if distance >= 16 {
    move16(&out, from: at &- distance, to: at)
    move16(&out, from: at &- distance &+ 16, to: at &+ 16)
    var i = 32
    while i < length {
      move16(&out, from: at &- distance &+ i, to: at &+ i)
      i &+= 16
    }
  } else if distance == 1 {
    let piece = SIMD16<UInt8>(repeating: out[at &- 1])
    var bytes = out.mutableBytes
    var i = 0
    while i < length {
      bytes.storeBytes(of: piece, toByteOffset: at &+ i, as: SIMD16<UInt8>.self)
      i &+= 16
    }
  } else {
    // Of eight bytes moved, only as many are right as lie between source and target.
    let step = distance < 8 ? distance : 8
    var i = 0
    while i < length {
      let piece = out.bytes.unsafeLoadUnaligned(
        fromByteOffset: at &- distance &+ i, as: UInt64.self)
      var bytes = out.mutableBytes
      bytes.storeBytes(of: piece, toByteOffset: at &+ i, as: UInt64.self)
      i &+= step
    }
  }
}

@inline(__always)
private func move16(_ out: inout MutableSpan<UInt8>, from: Int, to: Int) {
  let piece = out.bytes.unsafeLoadUnaligned(fromByteOffset: from, as: SIMD16<UInt8>.self)
  var bytes = out.mutableBytes
  bytes.storeBytes(of: piece, toByteOffset: to, as: SIMD16<UInt8>.self)
}
