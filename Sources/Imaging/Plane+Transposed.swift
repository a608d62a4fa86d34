extension Plane {
  /// Rows and columns exchanged: pixel (x, y) becomes pixel (y, x).
  public var transposed: Plane {
    Plane(
      width: height, height: width,
      pixels: Transposition.of(pixels, width: width, height: height))
  }
}

extension RegionMask {
  /// Rows and columns exchanged.
  public var transposed: RegionMask {
    RegionMask(
      width: height, height: width, flags: Transposition.of(flags, width: width, height: height))
  }
}

/// Rows and columns of a grid exchanged.
public enum Transposition {
  /// `values`, `height` rows of `width`, as `width` rows of `height`; block by block, so that both sides
  /// stay in the cache.
  public static func of<Value>(_ values: [Value], width: Int, height: Int) -> [Value] {
    precondition(values.count == width * height, "\(values.count) values, \(width) × \(height)")
    guard let first = values.first else { return [] }
    let block = 32
    var out = [Value](repeating: first, count: values.count)
    for top in stride(from: 0, to: height, by: block) {
      for left in stride(from: 0, to: width, by: block) {
        for y in top..<min(top + block, height) {
          for x in left..<min(left + block, width) { out[x * height + y] = values[y * width + x] }
        }
      }
    }
    return out
  }
}
