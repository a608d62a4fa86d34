import Imaging

/// Where a method saw something, as warm colour over the gray picture.
public enum HeatMap {
  /// Heat on a grid over the picture, 0 (nothing) to 1.
  public struct Grid: Sendable {
    var width: Int
    var height: Int
    var cellWidth: Double
    var cellHeight: Double
    var values: [Float]

    /// A grid of `width × height` values; a cell covers `cellWidth × cellHeight` pixels.
    public init(width: Int, height: Int, cellWidth: Double, cellHeight: Double, values: [Float]) {
      precondition(values.count == width * height, "\(values.count) values on \(width) × \(height)")
      self.width = width
      self.height = height
      self.cellWidth = cellWidth
      self.cellHeight = cellHeight
      self.values = values
    }

    /// Heat at a pixel, linear between the centres of cells.
    func value(_ x: Int, _ y: Int) -> Float {
      let u = (Double(x) + 0.5) / cellWidth - 0.5
      let v = (Double(y) + 0.5) / cellHeight - 0.5
      let left = min(max(Int(u.rounded(.down)), 0), width - 1)
      let top = min(max(Int(v.rounded(.down)), 0), height - 1)
      let right = min(left + 1, width - 1)
      let bottom = min(top + 1, height - 1)
      let fx = Float(min(max(u - Double(left), 0), 1))
      let fy = Float(min(max(v - Double(top), 0), 1))
      let upper = values[top * width + left] * (1 - fx) + values[top * width + right] * fx
      let lower = values[bottom * width + left] * (1 - fx) + values[bottom * width + right] * fx
      return upper * (1 - fy) + lower * fy
    }
  }

  /// The plane in gray, warmed from yellow to red where the grid is hot.
  public static func picture(_ plane: Plane, _ grid: Grid) -> ColourPicture {
    var picture = ColourPicture(plane)
    for y in 0..<plane.height {
      for x in 0..<plane.width {
        let heat = grid.value(x, y)
        guard heat > 0.02 else { continue }
        let cover = min(heat * 1.2, 0.75)
        let gray = Float(plane[x, y])
        func mix(_ colour: Float) -> UInt8 { UInt8(gray * (1 - cover) + colour * cover) }
        picture.set(x, y, (mix(255), mix(210 * (1 - heat)), mix(30 * (1 - heat))))
      }
    }
    return picture
  }
}
