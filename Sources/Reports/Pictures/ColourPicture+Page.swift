import Imaging

extension ColourPicture {
  /// A report holds its pictures, so they are at most this wide and high.
  private static let longestSide = 800

  /// The picture as a report shows it: shrunk by the mean over whole squares where it is too large.
  public var forPage: ColourPicture {
    let factor = (max(width, height) + Self.longestSide - 1) / Self.longestSide
    guard factor > 1 else { return self }
    var small = ColourPicture(
      width: max(width / factor, 1), height: max(height / factor, 1), red: 0, green: 0, blue: 0)
    for y in 0..<small.height {
      for x in 0..<small.width {
        var sum = (0, 0, 0)
        let rows = y * factor..<min((y + 1) * factor, height)
        let columns = x * factor..<min((x + 1) * factor, width)
        for row in rows {
          for column in columns {
            let at = 3 * (row * width + column)
            sum.0 += Int(rgb[at])
            sum.1 += Int(rgb[at + 1])
            sum.2 += Int(rgb[at + 2])
          }
        }
        let count = rows.count * columns.count
        small.set(
          x, y, (UInt8(sum.0 / count), UInt8(sum.1 / count), UInt8(sum.2 / count)))
      }
    }
    return small
  }
}
