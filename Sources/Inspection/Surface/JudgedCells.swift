import Imaging

/// The cells that a region covers: those whose centre pixel lies inside.
struct JudgedCells: Sendable {
  /// Nil: every cell counts.
  private let regions: RegionMask?
  private let shrink: Int

  /// The cells inside `regions` (in pixels of the image as it is) of images shrunk by `shrink`.
  init(_ regions: RegionMask?, shrink: Int) {
    self.regions = regions
    self.shrink = shrink
  }

  /// The pixel of the image on each axis that decides about the cell in this place.
  static func centre(_ place: Int, shrink: Int) -> Int {
    (place * CellFeatures.cellSize + CellFeatures.cellSize / 2) * shrink + (shrink - 1) / 2
  }

  /// Whether the cell at (x, y) counts.
  func contains(x: Int, y: Int) -> Bool {
    let size = CellFeatures.cellSize
    return contains(pixelX: x * size + size / 2, pixelY: y * size + size / 2)
  }

  /// Whether a pixel of the shrunk image counts; beyond the region's picture its border counts on.
  func contains(pixelX: Int, pixelY: Int) -> Bool {
    guard let regions else { return true }
    let x = min(pixelX * shrink + (shrink - 1) / 2, regions.width - 1)
    let y = min(pixelY * shrink + (shrink - 1) / 2, regions.height - 1)
    return regions[x, y]
  }

  /// Numbers of the counting cells of `columns × rows`.
  func indices(columns: Int, rows: Int) -> [Int] {
    (0..<columns * rows).filter { contains(x: $0 % columns, y: $0 / columns) }
  }

  /// The same of an image seen in a mirror.
  func indices(columns: Int, rows: Int, through mirror: Mirror) -> [Int] {
    let size = CellFeatures.cellSize
    return (0..<columns * rows).filter { cell in
      let centre = mirror.place(
        cell % columns * size + size / 2, cell / columns * size + size / 2)
      return contains(pixelX: centre.x, pixelY: centre.y)
    }
  }

  /// Puts `SurfaceDefects.leftOut` in the place of logits of cells that do not count.
  func leaveOut(_ logits: inout [Float], columns: Int) {
    guard regions != nil else { return }
    for index in logits.indices where !contains(x: index % columns, y: index / columns) {
      logits[index] = SurfaceDefects.leftOut
    }
  }

  /// Pixels outside as they were in `original`, and not marked.
  func restore(_ painter: inout DefectPainter, _ original: Canvas) {
    guard regions != nil else { return }
    for y in 0..<original.height {
      for x in 0..<original.width where !contains(pixelX: x, pixelY: y) {
        let at = y * original.width + x
        painter.picture.values[at] = original.values[at]
        painter.mask.values[at] = 0
      }
    }
  }
}
