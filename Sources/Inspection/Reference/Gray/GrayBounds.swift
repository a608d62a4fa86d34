/// How much of a picture is in memory at a time; the results do not depend on it, but for `level`.
struct GrayBounds: Sendable {
  /// Pictures and references with more pixels are read row by row.
  var whole = 32 << 20
  /// Pixels that are brought to the reference at a time.
  var band = 1 << 20
  /// Pixels of the finest level on which parts are looked for.
  var level = 128 << 20
  /// Pixels of which teaching adds up levels at a time, in 16 bytes each.
  var slab = 32 << 20
  /// Cells of a score map.
  var map = 8 << 20

  /// The rows of a picture of `width × height` in bands of at most `pixels`.
  static func bands(_ rows: Range<Int>, width: Int, pixels: Int) -> [Range<Int>] {
    let most = max(1, pixels / width)
    return stride(from: rows.lowerBound, to: rows.upperBound, by: most).map {
      $0..<min($0 + most, rows.upperBound)
    }
  }
}
