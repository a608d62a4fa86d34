import Imaging

/// Mean and tolerance of every pixel of a reference: in memory, or for a large picture in a file, of
/// which some rows at a time are read.
struct ReferencePlanes: Sendable {
  fileprivate enum Store: Sendable {
    case held(mean: [UInt16], reciprocal: [UInt16])
    case filed(mean: FiledNumbers, reciprocal: FiledNumbers)
  }

  /// Rows of the planes, from row `first` on.
  struct Rows {
    let first: Int
    /// Smoothed mean of the good parts in 16ths of a gray level, row-major.
    let mean: [UInt16]
    /// 131,072 / tolerance in 16ths of a gray level, so that a ratio needs no division.
    let reciprocal: [UInt16]
  }

  let width: Int
  let height: Int
  private let store: Store

  fileprivate init(width: Int, height: Int, _ store: Store) {
    self.width = width
    self.height = height
    self.store = store
  }

  /// At least `rows`. Throws `ModelError.damaged` when the file was cut.
  func rows(_ rows: Range<Int>) throws -> Rows {
    switch store {
    case .held(let mean, let reciprocal):
      return Rows(first: 0, mean: mean, reciprocal: reciprocal)
    case .filed(let mean, let reciprocal):
      let range = rows.lowerBound * width..<rows.upperBound * width
      return Rows(
        first: rows.lowerBound, mean: try mean.numbers(range),
        reciprocal: try reciprocal.numbers(range))
    }
  }
}

extension ReferencePlanes {
  /// Adds the sections `NAME.mean` and `NAME.reciprocal` to an archive.
  func store(as name: String, in archive: inout ModelArchive) {
    switch store {
    case .held(let mean, let reciprocal):
      archive.set("\(name).mean", mean)
      archive.set("\(name).reciprocal", reciprocal)
    case .filed(let mean, let reciprocal):
      archive.set("\(name).mean", mean)
      archive.set("\(name).reciprocal", reciprocal)
    }
  }

  /// Reads what `store` wrote. Throws `ModelError`.
  init(_ name: String, from archive: ModelArchive, width: Int, height: Int) throws(ModelError) {
    self.width = width
    self.height = height
    let counts: (Int, Int)
    if let mean = archive.filed("\(name).mean"),
      let reciprocal = archive.filed("\(name).reciprocal")
    {
      store = .filed(mean: mean, reciprocal: reciprocal)
      counts = (mean.count, reciprocal.count)
    } else {
      let mean = try archive.get("\(name).mean", as: UInt16.self)
      let reciprocal = try archive.get("\(name).reciprocal", as: UInt16.self)
      store = .held(mean: mean, reciprocal: reciprocal)
      counts = (mean.count, reciprocal.count)
    }
    guard counts == (width * height, width * height) else {
      throw .damaged(reason: "the planes of the gray reference do not fit")
    }
  }
}

/// Planes in the making, from the top down.
struct ReferencePlanesWriter {
  private let width: Int
  private let height: Int
  private let file: ModelFile?
  private var mean: [UInt16] = []
  private var reciprocal: [UInt16] = []
  private var row = 0

  /// Planes of more than `held` pixels go to a file; throws `ModelFileError` when there can be none.
  init(width: Int, height: Int, held: Int) throws {
    self.width = width
    self.height = height
    file = width * height > held ? try ModelFile(scratch: ()) : nil
  }

  /// Adds whole rows. Throws `ModelFileError`.
  mutating func append(mean rows: [UInt16], reciprocal tolerances: [UInt16]) throws {
    if let file {
      try file.write(rows, at: 2 * row * width)
      try file.write(tolerances, at: 2 * (height + row) * width)
    } else {
      mean += rows
      reciprocal += tolerances
    }
    row += rows.count / width
  }

  /// The planes, once all rows are there.
  var planes: ReferencePlanes {
    precondition(row == height, "\(row) rows of \(height)")
    let area = width * height
    guard let file else {
      return ReferencePlanes(
        width: width, height: height, .held(mean: mean, reciprocal: reciprocal))
    }
    return ReferencePlanes(
      width: width, height: height,
      .filed(
        mean: FiledNumbers(file: file, start: 0, count: area),
        reciprocal: FiledNumbers(file: file, start: 2 * area, count: area)))
  }
}

/// The means of a reference as an image.
struct MeanRows: RowSource {
  private let planes: ReferencePlanes
  private var row = 0

  init(_ planes: ReferencePlanes) { self.planes = planes }

  var width: Int { planes.width }
  var height: Int { planes.height }

  mutating func next(_ count: Int, into rows: inout [UInt8]) throws {
    let wanted = row..<min(row + count, height)
    let band = try planes.rows(wanted)
    let mean = band.mean.span
    rows.reserveCapacity(rows.count + wanted.count * width)
    for i in (row - band.first) * width..<(wanted.upperBound - band.first) * width {
      rows.append(UInt8(min((Int(mean[i]) + 8) / 16, 255)))
    }
    row = wanted.upperBound
  }

  mutating func rewind() { row = 0 }
}
