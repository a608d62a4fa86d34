import Imaging

/// What the network sees of a candidate: squares of 48 × 48 about the middle of its box, of whole
/// pixels, or of areas of 2 × 2 or 4 × 4 pixels where the box is larger than 40 or 80.
struct CandidatePicture: Sendable {
  static let side = 48
  /// Values of each place: dark shares of test and template (under the candidate's own shift, then under
  /// that of the image) less ½, and how much darker the test is than the template in the box.
  static let channels = 4
  private static let cells = side * side
  /// A place that is wholly dark.
  private static let dark: UInt8 = 240
  /// Pixels round the candidate's box that still count as within.
  private static let margin = 1.5

  private let test: [UInt8]
  private let ownTemplate: [UInt8]
  private let template: [UInt8]
  /// 1 within the candidate's box, else 0.
  private let box: [UInt8]

  init(_ c: PairCandidate, in pair: PairCandidates) {
    let (width, height) = (c.x1 - c.x0, c.y1 - c.y0)
    let longest = max(width, height)
    let power = longest <= 40 ? 0 : longest <= 80 ? 1 : 2
    let reach = (Self.side / 2) << power
    let (x, y) = ((c.x0 + c.x1) / 2 - reach, (c.y0 + c.y1) / 2 - reach)
    func shares(_ plane: BitPlane, _ dx: Int, _ dy: Int) -> [UInt8] {
      Self.darkShares(plane, x: x + dx, y: y + dy, power: power)
    }
    test = shares(pair.test, 0, 0)
    ownTemplate = shares(pair.template, c.dx, c.dy)
    template = shares(pair.template, pair.alignment.dx, pair.alignment.dy)
    box = Self.box(width: width, height: height, power: power)
  }

  private init(_ other: CandidatePicture, _ change: ([UInt8]) -> [UInt8]) {
    test = change(other.test)
    ownTemplate = change(other.ownTemplate)
    template = change(other.template)
    box = change(other.box)
  }

  /// All four squares turned alike.
  func turned(_ turn: Turn) -> CandidatePicture { CandidatePicture(self, turn.turned) }

  /// Dark shares of areas of 2^power × 2^power pixels from column `x` and row `y` on.
  private static func darkShares(_ plane: BitPlane, x: Int, y: Int, power: Int) -> [UInt8] {
    var shares = [UInt8](repeating: 0, count: cells)
    let unit = dark >> UInt8(2 * power)
    var out = shares.mutableSpan
    for row in 0..<side << power {
      for part in 0..<1 << power {
        var word = plane.bits(x + side * part, y + row)
        let first = (row >> power) * side + (side * part) >> power
        for column in 0..<side {
          out[first + column >> power] += UInt8(word & 1) &* unit
          word >>= 1
        }
      }
    }
    return shares
  }

  private static func box(width: Int, height: Int, power: Int) -> [UInt8] {
    let size = Double(1 << power)
    func isWithin(_ place: Int, _ length: Int) -> Bool {
      abs((Double(place) + 0.5 - Double(side) / 2) * size) <= Double(length) / 2 + margin
    }
    let columns: [UInt8] = (0..<side).map { isWithin($0, width) ? 1 : 0 }
    return (0..<side).flatMap { row in
      isWithin(row, height) ? columns : [UInt8](repeating: 0, count: side)
    }
  }

  /// What the network reads: rows, columns, channels.
  var values: [Float] {
    var values = [Float](repeating: 0, count: Self.cells * Self.channels)
    let unit = 1 / Float(Self.dark)
    for i in 0..<Self.cells {
      let (seen, wanted) = (Float(test[i]) * unit, Float(ownTemplate[i]) * unit)
      values[4 * i] = seen - 0.5
      values[4 * i + 1] = wanted - 0.5
      values[4 * i + 2] = Float(template[i]) * unit - 0.5
      values[4 * i + 3] = (seen - wanted) * Float(box[i])
    }
    return values
  }
}
