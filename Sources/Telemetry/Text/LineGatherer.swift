/// Cuts a stream of bytes into lines; what follows the last newline waits for the next bytes.
struct LineGatherer: Sendable {
  /// Bytes of a line without its newline.
  private let limit: Int
  private var carry: [UInt8] = []
  /// Whether a line that is too long is being dropped up to its newline.
  private var isSkipping = false

  /// - Parameter limit: longer lines are dropped and handed over as nil.
  init(limit: Int) {
    self.limit = limit
  }

  /// Hands over each line that ends in these bytes, without LF or CR LF; nil for one too long.
  mutating func read(_ bytes: [UInt8], _ line: (ArraySlice<UInt8>?) -> Void) {
    var start = 0
    while let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      end(with: bytes[start..<newline], line)
      start = newline + 1
    }
    gather(bytes[start...])
  }

  /// Hands over what has no newline at the end of the stream.
  mutating func finish(_ line: (ArraySlice<UInt8>?) -> Void) {
    if !carry.isEmpty || isSkipping { end(with: [], line) }
  }

  private mutating func end(with rest: ArraySlice<UInt8>, _ line: (ArraySlice<UInt8>?) -> Void) {
    if carry.isEmpty && !isSkipping {
      line(rest.count > limit + 1 ? nil : Self.withoutReturn(rest, limit))
      return
    }
    gather(rest)
    line(isSkipping ? nil : Self.withoutReturn(carry[...], limit))
    carry.removeAll(keepingCapacity: true)
    isSkipping = false
  }

  private mutating func gather(_ bytes: ArraySlice<UInt8>) {
    guard !isSkipping else { return }
    // One more for a carriage return.
    if carry.count + bytes.count > limit + 1 {
      carry = []
      isSkipping = true
    } else {
      carry += bytes
    }
  }

  private static func withoutReturn(_ line: ArraySlice<UInt8>, _ limit: Int) -> ArraySlice<UInt8>? {
    let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    return text.count > limit ? nil : text
  }
}
