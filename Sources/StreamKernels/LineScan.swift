// Line protocol, the common case: a known series, known fields, plain decimals, a plain time.
//
// One pass over the text writes samples into columns. A line that is anything else (new series,
// quoted text, comment, fault) is not judged here: the scan stops before it, the general parser of
// Telemetry takes that one line, and the scan goes on behind it. Values repeat in a fixed order in
// practice, so the entry that followed last time is tried first: one comparison of bytes instead of
// finding the end of the series, hashing it and looking it up.
//
// `scanMargin` readable bytes lie behind `end` in every text, so eight bytes are loaded at a time
// without asking. The directory's first entry matches nothing.

/// Bytes that must be readable behind the end of a scanned text: a number of 19 digits and a load.
public let scanMargin = 32

/// Where a scan stands, and what it reads times with.
public struct LineScan: Sendable {
  /// The first line not yet taken begins here.
  public var position: Int
  /// Only lines whose newline lies before this are taken.
  public let end: Int
  /// Samples written so far.
  public var samples = 0
  /// Lines taken so far.
  public var lines = 0
  /// Entry of the sample before.
  public var entry: Int32
  /// Nanoseconds of one step of a written time.
  public let nanosecondsPerStep: UInt64
  /// Written times from this to `latestStep` are taken.
  public let earliestStep: UInt64
  public let latestStep: UInt64
  /// Nanoseconds since 1970, for lines without a time.
  public let receivedAt: Int64

  /// A scan from `position` on.
  public init(
    position: Int, end: Int, entry: Int32, nanosecondsPerStep: UInt64, earliestStep: UInt64,
    latestStep: UInt64, receivedAt: Int64
  ) {
    self.position = position
    self.end = end
    self.entry = entry
    self.nanosecondsPerStep = nanosecondsPerStep
    self.earliestStep = earliestStep
    self.latestStep = latestStep
    self.receivedAt = receivedAt
  }
}

/// Takes lines until one needs the general parser, the columns are full or the text ends.
public func scanLines(
  _ text: Span<UInt8>, _ scan: inout LineScan, keys: Span<UInt8>,
  entries: inout MutableSpan<SeriesEntry>, seriesSlots: Span<Int32>, fieldSlots: Span<Int32>,
  powersOfTen: Span<Double>, signals: inout MutableSpan<Int32>, times: inout MutableSpan<Int64>,
  values: inout MutableSpan<Double>
) {
  while scan.position < scan.end {
    let line = scan.position
    var place = line
    var written = scan.samples
    var last = scan.entry
    while true {
      let isFirst = place == line
      let entry =
        isFirst
        ? firstField(
          text, at: &place, scan.end, guess: entries[Int(last)].next, keys, entries,
          seriesSlots, fieldSlots)
        : laterField(text, at: &place, scan.end, after: last, keys, entries, fieldSlots)
      if entry < 0 || written == signals.count { return }
      entries[Int(last)].next = entry
      last = entry
      let (value, isPlain) = plainValue(text, at: &place, powersOfTen)
      if !isPlain || place >= scan.end { return }
      signals[written] = entries[Int(entry)].signal
      values[written] = value
      written &+= 1
      if text[place] != 0x2C { break }
      place &+= 1
    }
    let (time, isPlain) = plainTime(text, at: &place, scan)
    if !isPlain { return }
    for sample in scan.samples..<written { times[sample] = time }
    scan.samples = written
    scan.lines &+= 1
    scan.position = place
    scan.entry = last
  }
}

/// A decimal without an exponent, or an integer with `i` or `u`; `place` moves behind it.
@inline(__always)
private func plainValue(
  _ text: borrowing Span<UInt8>, at place: inout Int, _ powersOfTen: borrowing Span<Double>
) -> (Double, Bool) {
  let isNegative = text[place] == 0x2D
  if isNegative { place &+= 1 }
  var number: UInt64 = 0
  var count = 0
  readDigits(text, at: &place, into: &number, counting: &count)
  let whole = count
  if text[place] == 0x2E {
    place &+= 1
    readDigits(text, at: &place, into: &number, counting: &count)
  } else if text[place] == 0x69 || (text[place] == 0x75 && !isNegative) {
    place &+= 1
    let value = Double(number)
    return (isNegative ? -value : value, count > 0 && count < 19)
  }
  // Both numbers are exact below 2^53 and 10^22, so the one division rounds correctly.
  let value = Double(number) / powersOfTen[count &- whole]
  return (isNegative ? -value : value, count > 0 && count < 20 && number <= 1 &<< 53)
}

/// A blank, a time, and the end of the line, or the end alone; `place` moves behind the newline.
@inline(__always)
private func plainTime(
  _ text: borrowing Span<UInt8>, at place: inout Int, _ scan: LineScan
) -> (Int64, Bool) {
  var time = scan.receivedAt
  var isPlain = true
  if text[place] == 0x20 {
    place &+= 1
    var number: UInt64 = 0
    var count = 0
    if place >= scan.end { return (0, false) }
    readDigits(text, at: &place, into: &number, counting: &count)
    isPlain =
      count > 0 && count < 20
      && number >= scan.earliestStep && number <= scan.latestStep
    // In range, so the product fits.
    time = Int64(truncatingIfNeeded: number &* scan.nanosecondsPerStep)
  }
  if place < scan.end && text[place] == 0x0D { place &+= 1 }
  isPlain = isPlain && place < scan.end && text[place] == 0x0A
  place &+= 1
  return (time, isPlain)
}

/// The entry of `series field=` at `place`, −1 when unknown; `place` moves behind it.
@inline(__always)
private func firstField(
  _ text: borrowing Span<UInt8>, at place: inout Int, _ end: Int, guess: Int32,
  _ keys: borrowing Span<UInt8>, _ entries: borrowing MutableSpan<SeriesEntry>,
  _ seriesSlots: borrowing Span<Int32>, _ fieldSlots: borrowing Span<Int32>
) -> Int32 {
  let length = Int(entries[Int(guess)].length)
  if place &+ length < end
    && sameBytes(text, at: place, keys, at: Int(entries[Int(guess)].start), count: length)
  {
    place &+= length
    return guess
  }
  return lookUpFirst(text, at: &place, end, keys, entries, seriesSlots, fieldSlots)
}

/// The entry of `field=` of the series of `last`, −1 when unknown; `place` moves behind it.
@inline(__always)
private func laterField(
  _ text: borrowing Span<UInt8>, at place: inout Int, _ end: Int, after last: Int32,
  _ keys: borrowing Span<UInt8>, _ entries: borrowing MutableSpan<SeriesEntry>,
  _ fieldSlots: borrowing Span<Int32>
) -> Int32 {
  let guess = entries[Int(last)].next
  let before = Int(entries[Int(guess)].seriesLength) &+ 1
  let length = Int(entries[Int(guess)].length) &- before
  if entries[Int(guess)].series == entries[Int(last)].series && place &+ length < end
    && sameBytes(
      text, at: place, keys, at: Int(entries[Int(guess)].start) &+ before, count: length)
  {
    place &+= length
    return guess
  }
  return lookUpField(
    text, at: &place, end, series: entries[Int(last)].series, keys, entries, fieldSlots)
}

private func lookUpFirst(
  _ text: borrowing Span<UInt8>, at place: inout Int, _ end: Int, _ keys: borrowing Span<UInt8>,
  _ entries: borrowing MutableSpan<SeriesEntry>, _ seriesSlots: borrowing Span<Int32>,
  _ fieldSlots: borrowing Span<Int32>
) -> Int32 {
  let blank = endOfWord(text, from: place, end, stop: 0x20)
  if blank >= end { return -1 }
  let count = blank &- place
  let hash = hashBytes(text, at: place, count: count, seed: 0)
  let mask = seriesSlots.count &- 1
  var slot = Int(truncatingIfNeeded: hash) & mask
  for _ in 0..<longestProbe {
    let found = Int(seriesSlots[slot])
    if found < 0 { return -1 }
    if entries[found].seriesHash == hash && Int(entries[found].seriesLength) == count
      && sameBytes(text, at: place, keys, at: Int(entries[found].start), count: count)
    {
      place = blank &+ 1
      return lookUpField(
        text, at: &place, end, series: entries[found].series, keys, entries, fieldSlots)
    }
    slot = (slot &+ 1) & mask
  }
  return -1
}

private func lookUpField(
  _ text: borrowing Span<UInt8>, at place: inout Int, _ end: Int, series: Int32,
  _ keys: borrowing Span<UInt8>, _ entries: borrowing MutableSpan<SeriesEntry>,
  _ fieldSlots: borrowing Span<Int32>
) -> Int32 {
  let equals = endOfWord(text, from: place, end, stop: 0x3D)
  if equals >= end { return -1 }
  let count = equals &- place
  let seed = UInt64(truncatingIfNeeded: series) &+ 1
  let hash = hashBytes(text, at: place, count: count, seed: seed)
  let mask = fieldSlots.count &- 1
  var slot = Int(truncatingIfNeeded: hash) & mask
  for _ in 0..<longestProbe {
    let found = Int(fieldSlots[slot])
    if found < 0 { return -1 }
    let start = Int(entries[found].start) &+ Int(entries[found].seriesLength) &+ 1
    if entries[found].fieldHash == hash && entries[found].series == series
      && Int(entries[found].start) &+ Int(entries[found].length) &- start == count &+ 1
      && sameBytes(text, at: place, keys, at: start, count: count)
    {
      place = equals &+ 1
      return Int32(truncatingIfNeeded: found)
    }
    slot = (slot &+ 1) & mask
  }
  return -1
}

/// The place of the first `stop` without a backslash before it, `end` when the line ends first.
@inline(__always)
private func endOfWord(
  _ text: borrowing Span<UInt8>, from start: Int, _ end: Int, stop: UInt8
) -> Int {
  var place = start
  while place < end {
    let byte = text[place]
    if byte == stop { return place }
    if byte == 0x0A { return end }
    place &+= byte == 0x5C ? 2 : 1
  }
  return end
}
