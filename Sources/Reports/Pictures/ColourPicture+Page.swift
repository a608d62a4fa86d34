import Imaging

extension ColourPicture {
  /// The picture as a report holds it: at most about 512 pixels wide and high, shrunk by the mean
  /// over whole squares.
  public var forPage: ColourPicture { shrunk(to: 512) }

  /// At most about so many pixels wide and high, by the mean over whole squares.
  private func shrunk(to side: Int) -> ColourPicture {
    let factor = (max(width, height) + side - 1) / side
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
