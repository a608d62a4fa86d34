import Imaging

/// Tracks, pads and vias on a grid of 20 × 20 nodes, 32 pixels apart.
///
/// A net walks from a free node to free neighbours, mostly straight on, else half a right angle to
/// either side, and never between two nodes that another net joined diagonally: so nets cannot
/// touch, whatever the dice say.
struct CircuitLayout: Sendable {
  static let side = 640
  static let pitch: Float = 32
  private static let nodes = 20
  /// Steps to the eight neighbours, each half a right angle on.
  private static let steps = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)]

  /// A straight piece of a track.
  struct Piece: Sendable {
    var start: Point
    var end: Point
    var radius: Float
    var net: Int
  }

  /// The end of a net, or a pad of a package.
  struct Pad: Sendable {
    var place: Point
    var halfWidth: Float
    var halfHeight: Float
    var rounding: Float
    var hole: Float
  }

  private(set) var pieces: [Piece] = []
  private(set) var pads: [Pad] = []
  private var taken = [Bool](repeating: false, count: nodes * nodes)
  private var crossed = [Bool](repeating: false, count: nodes * nodes)
  private var nets = 0

  init(seed: UInt64, index: Int) {
    var stream = SeededGenerator(seed: seed, part: index, purpose: "circuit")
    for _ in 0..<(1 + stream.below(3)) { addPackage(&stream) }
    for _ in 0..<(34 + stream.below(30)) {
      let column = stream.below(CircuitLayout.nodes)
      let row = stream.below(CircuitLayout.nodes)
      guard isFree(column, row) else { continue }
      addNet(column, row, heading: stream.below(8), hasPad: true, &stream)
    }
  }

  private func isFree(_ column: Int, _ row: Int) -> Bool {
    let range = 0..<CircuitLayout.nodes
    guard range.contains(column), range.contains(row) else { return false }
    return !taken[row * CircuitLayout.nodes + column]
  }

  private func place(_ column: Int, _ row: Int) -> Point {
    Point((Float(column) + 0.5) * CircuitLayout.pitch, (Float(row) + 0.5) * CircuitLayout.pitch)
  }

  /// Two rows of pads, each with a track leading away.
  private mutating func addPackage(_ stream: inout SeededGenerator) {
    let count = 4 + stream.below(4)
    let left = 1 + stream.below(CircuitLayout.nodes - count - 2)
    let top = 3 + stream.below(CircuitLayout.nodes - 9)
    let bottom = top + 2 + stream.below(2)
    let cells = (left..<left + count).flatMap { [($0, top), ($0, bottom)] }
    guard cells.allSatisfy({ isFree($0.0, $0.1) }) else { return }
    for (column, row) in cells { taken[row * CircuitLayout.nodes + column] = true }
    for (column, row) in cells {
      pads.append(
        Pad(place: place(column, row), halfWidth: 9, halfHeight: 13, rounding: 2, hole: 0))
      if stream.below(5) > 0 {
        addNet(column, row, heading: row == top ? 6 : 2, hasPad: false, &stream)
      }
    }
  }

  private mutating func addNet(
    _ column: Int, _ row: Int, heading: Int, hasPad: Bool, _ stream: inout SeededGenerator
  ) {
    var (column, row, heading) = (column, row, heading)
    let radius = stream.uniform(4, 7.5)
    let first = place(column, row)
    taken[row * CircuitLayout.nodes + column] = true
    var length = 0
    let longest = 4 + stream.below(18)
    while length < longest {
      let dice = stream.below(10)
      let turn = length == 0 ? 0 : (dice == 0 ? 1 : (dice == 1 ? 7 : 0))
      let choices = [turn, 0, 1, 7]
      guard let choice = choices.first(where: { canStep(column, row, (heading + $0) % 8) })
      else { break }
      heading = (heading + choice) % 8
      let step = CircuitLayout.steps[heading]
      markCrossing(column, row, step)
      let from = place(column, row)
      (column, row) = (column + step.0, row + step.1)
      taken[row * CircuitLayout.nodes + column] = true
      pieces.append(Piece(start: from, end: place(column, row), radius: radius, net: nets))
      length += 1
    }
    if hasPad { addEnd(first, &stream) }
    if length > 0 { addEnd(place(column, row), &stream) }
    nets += 1
  }

  /// The cell between four nodes that a diagonal step crosses.
  private func crossing(_ column: Int, _ row: Int, _ step: (Int, Int)) -> Int {
    min(row, row + step.1) * CircuitLayout.nodes + min(column, column + step.0)
  }

  private func canStep(_ column: Int, _ row: Int, _ heading: Int) -> Bool {
    let step = CircuitLayout.steps[heading]
    guard isFree(column + step.0, row + step.1) else { return false }
    return step.0 == 0 || step.1 == 0 || !crossed[crossing(column, row, step)]
  }

  private mutating func markCrossing(_ column: Int, _ row: Int, _ step: (Int, Int)) {
    if step.0 != 0, step.1 != 0 { crossed[crossing(column, row, step)] = true }
  }

  private mutating func addEnd(_ place: Point, _ stream: inout SeededGenerator) {
    let size = stream.uniform(9, 12)
    if stream.below(3) == 0 {
      pads.append(
        Pad(place: place, halfWidth: size, halfHeight: size * 0.8, rounding: 2, hole: 0))
    } else {
      let hole = stream.below(4) == 0 ? 0 : stream.uniform(3.5, 5)
      pads.append(
        Pad(place: place, halfWidth: size, halfHeight: size, rounding: size, hole: hole))
    }
  }

  /// The copper as it lies at `pose`.
  func drawn(_ pose: Pose) -> Shape {
    let side = CircuitLayout.side
    var copper = Shape(width: side, height: side)
    for piece in pieces {
      copper.addLine(
        from: pose.place(piece.start), to: pose.place(piece.end), startRadius: piece.radius)
    }
    var holes = Shape(width: side, height: side)
    for pad in pads {
      // Turned by a tenth of a degree a pad of 24 pixels stays upright to a fiftieth of a pixel.
      let place = pose.place(pad.place)
      copper.addBox(
        at: place, halfWidth: pad.halfWidth, halfHeight: pad.halfHeight, rounding: pad.rounding)
      if pad.hole > 0 { holes.addDisc(at: place, radius: pad.hole) }
    }
    copper.cut(holes)
    return copper
  }
}
