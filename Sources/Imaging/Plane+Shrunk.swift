extension Plane {
  /// The plane shrunk by the whole `factor`: means of factor × factor pixels, rounded; columns and
  /// rows that fill no whole block are dropped. At least one block must be there.
  public func shrunk(by factor: Int) -> Plane {
    precondition(
      factor >= 1 && factor <= min(width, height), "\(width) × \(height) shrunk by \(factor)")
    if factor == 1 { return self }
    let columns = width / factor
    let rows = height / factor
    var out = [UInt8](repeating: 0, count: columns * rows)
    var sums = [Int](repeating: 0, count: columns)
    let area = factor * factor
    for y in 0..<rows {
      for x in 0..<columns { sums[x] = 0 }
      for row in 0..<factor {
        let start = (y * factor + row) * width
        for x in 0..<columns {
          for k in 0..<factor { sums[x] += Int(pixels[start + x * factor + k]) }
        }
      }
      for x in 0..<columns { out[y * columns + x] = UInt8((sums[x] + area / 2) / area) }
    }
    return Plane(width: columns, height: rows, pixels: out)
  }
}
