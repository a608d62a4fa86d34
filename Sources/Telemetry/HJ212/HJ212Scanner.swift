/// Takes a data segment apart into header items and fields, and checks its form.
///
/// One pass over the bytes; nothing is copied. While a key is read, its last 16 bytes are shifted
/// into two words, by which the signal is found without hashing a text.
struct HJ212Scanner: Sendable {
  var header = HJ212Header()
  private(set) var fields: [HJ212Field] = []
  private let decimal = HJ212Decimal.shared

  /// Reads the fields of a data area; those read before are forgotten.
  mutating func scanData(
    _ bytes: Span<UInt8>, _ area: Range<Int>, _ counts: inout HJ212Counts
  ) throws(HJ212Damage) {
    fields.removeAll(keepingCapacity: true)
    var at = area.lowerBound
    var beginsItem = true
    while at < area.upperBound {
      let byte = bytes[at]
      if byte == UInt8(ascii: ";") || byte == UInt8(ascii: ",") {
        counts.add(.emptyItem)
        at += 1
        beginsItem = beginsItem || byte == UInt8(ascii: ";")
        continue
      }
      var field = HJ212Field()
      field.beginsItem = beginsItem
      try readKey(bytes, &at, area.upperBound, &field)
      try readValue(bytes, &at, area.upperBound, &field, &counts)
      fields.append(field)
      if at < area.upperBound {
        beginsItem = bytes[at] == UInt8(ascii: ";")
        at += 1
        // A separator before the closing fence separates nothing.
        if at == area.upperBound { counts.add(.emptyItem) }
      }
    }
  }

  @inline(__always)
  private func readKey(
    _ bytes: Span<UInt8>, _ at: inout Int, _ end: Int, _ field: inout HJ212Field
  ) throws(HJ212Damage) {
    while at < end, bytes[at] == UInt8(ascii: " ") { at += 1 }
    let start = at
    var (high, low, factor): (UInt64, UInt64, UInt64) = (0, 0, 0)
    var dash = -1
    while at < end {
      let byte = bytes[at]
      if byte == UInt8(ascii: "=") { break }
      // Printable ASCII without the blank; `,` and `;` would end an item without a value.
      guard byte &- 33 < 94, byte != UInt8(ascii: ","), byte != UInt8(ascii: ";") else {
        throw .badItem(at: at)
      }
      if byte == UInt8(ascii: "-") {
        dash = at
        factor = low
      }
      high = high << 8 | low >> 56
      low = low << 8 | UInt64(byte)
      at += 1
    }
    guard at < end, at > start else { throw .badItem(at: start) }
    field.keyHigh = high
    field.keyLow = low
    field.factorLow = factor
    field.keyStart = Int32(start)
    field.dash = Int32(dash)
    field.keyEnd = Int32(at)
    at += 1
  }

  @inline(__always)
  private func readValue(
    _ bytes: Span<UInt8>, _ at: inout Int, _ end: Int, _ field: inout HJ212Field,
    _ counts: inout HJ212Counts
  ) throws(HJ212Damage) {
    let first = at
    while at < end, bytes[at] == UInt8(ascii: " ") { at += 1 }
    let start = at
    field.kind = field.namedKind
    if field.kind == .text, let number = decimal.read(bytes, &at, end: end) {
      field.number = number
      field.kind = .number
    }
    var valueEnd = at
    var hasText = false
    while at < end {
      let byte = bytes[at]
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") { break }
      guard byte >= 32 else { throw .badItem(at: at) }
      at += 1
      if byte != UInt8(ascii: " ") {
        valueEnd = at
        hasText = true
      }
    }
    if hasText, field.kind == .number {
      field.kind = .text
      field.number = .nan
    }
    if start > first || valueEnd < at { counts.add(.blankAroundValue) }
    field.valueStart = Int32(start)
    field.valueEnd = Int32(valueEnd)
  }
}
