import Imaging

/// Places defects on a drawn circuit, far enough apart that their boxes do not meet.
struct CircuitDefects {
  private let layout: CircuitLayout
  private let drawing: Shape
  private let pose: Pose
  private var added: Shape
  private var removed: Shape
  private var placed: [(kind: CircuitDefectKind, at: Point)] = []

  init(layout: CircuitLayout, drawing: Shape, pose: Pose) {
    self.layout = layout
    self.drawing = drawing
    self.pose = pose
    added = Shape(width: drawing.field.width, height: drawing.field.height)
    removed = added
  }

  /// Tries to place `count` defects, the classes in turn from a random one.
  mutating func place(_ count: Int, from stream: inout SeededGenerator) {
    let first = stream.below(6)
    for number in 0..<count {
      let kind = CircuitDefectKind.allCases[(first + number) % 6]
      for _ in 0..<60 {
        if let place = attempt(kind, &stream) {
          placed.append((kind, place))
          break
        }
      }
    }
  }

  /// `circuit` with the defects.
  func applied(to circuit: Shape) -> Shape {
    var result = circuit
    result.unite(added)
    result.cut(removed)
    return result
  }

  /// The boxes around what the defects changed, 4 to 7 pixels wider on every side.
  func boxes(clean: Plane, test: Plane) -> [CircuitDefect] {
    placed.compactMap { defect in
      let reach = 28
      let (midX, midY) = (Int(defect.at.x), Int(defect.at.y))
      var (left, top, right, bottom) = (Int.max, Int.max, Int.min, Int.min)
      for y in max(0, midY - reach)...min(test.height - 1, midY + reach) {
        for x in max(0, midX - reach)...min(test.width - 1, midX + reach)
        where clean[x, y] != test[x, y] {
          left = min(left, x)
          right = max(right, x)
          top = min(top, y)
          bottom = max(bottom, y)
        }
      }
      guard left <= right else { return nil }
      let margin = 4 + (midX + midY) % 4
      return CircuitDefect(
        kind: defect.kind, left: max(0, left - margin), top: max(0, top - margin),
        right: min(test.width - 1, right + margin), bottom: min(test.height - 1, bottom + margin))
    }
  }

  private mutating func attempt(
    _ kind: CircuitDefectKind, _ stream: inout SeededGenerator
  ) -> Point? {
    switch kind {
    case .open: addOpen(&stream)
    case .short: addShort(&stream)
    case .mousebite: addBite(&stream)
    case .spur: addSpur(&stream)
    case .copper: addIsland(&stream)
    case .pinHole: addPinHole(&stream)
    }
  }

  private func distance(_ place: Point) -> Float {
    let x = min(max(Int(place.x + 0.5), 0), drawing.field.width - 1)
    let y = min(max(Int(place.y + 0.5), 0), drawing.field.height - 1)
    return drawing.field[x, y]
  }

  private func isAlone(_ place: Point) -> Bool {
    let inside = Float(32)...Float(drawing.field.width - 32)
    guard inside.contains(place.x), inside.contains(place.y) else { return false }
    return placed.allSatisfy { ($0.at - place).length > 72 }
  }

  /// A place on the middle of a track, away from its pads, with the direction across.
  private func spot(
    _ stream: inout SeededGenerator
  ) -> (place: Point, across: Point, piece: CircuitLayout.Piece)? {
    guard !layout.pieces.isEmpty else { return nil }
    let piece = layout.pieces[stream.below(layout.pieces.count)]
    let start = pose.place(piece.start)
    let along = pose.place(piece.end) - start
    let place = start + along * stream.uniform(0.3, 0.7)
    guard isAlone(place), abs(distance(place) + piece.radius) < 1 else { return nil }
    let unit = along * (1 / along.length)
    let side: Float = stream.next() & 1 == 0 ? 1 : -1
    return (place, Point(-unit.y, unit.x) * side, piece)
  }

  private mutating func addOpen(_ stream: inout SeededGenerator) -> Point? {
    guard let (place, across, piece) = spot(&stream) else { return nil }
    let reach = piece.radius + 2
    let lean = Point(-across.y, across.x) * stream.uniform(-3, 3)
    let width = stream.uniform(1.6, 5)
    removed.addLine(
      from: place - across * reach - lean, to: place + across * reach + lean, startRadius: width,
      endRadius: width * stream.uniform(0.7, 1.3))
    return place
  }

  private mutating func addShort(_ stream: inout SeededGenerator) -> Point? {
    guard let (place, across, piece) = spot(&stream) else { return nil }
    var reach = piece.radius + 3
    while reach < 38, distance(place + across * reach) > 0 { reach += 1 }
    let landing = place + across * (reach + 2)
    guard reach < 38, reach > piece.radius + 4, net(at: landing) != piece.net else { return nil }
    let middle = place + across * ((piece.radius + reach) / 2)
    guard isAlone(middle) else { return nil }
    let bend = Point(-across.y, across.x) * stream.uniform(-4, 4)
    let width = stream.uniform(1.4, 3.8)
    added.addLine(from: place, to: middle + bend, startRadius: width)
    added.addLine(from: middle + bend, to: landing, startRadius: width)
    return middle
  }

  /// The net whose track runs nearest, nil where a pad of unknown net is nearer than any track.
  private func net(at place: Point) -> Int? {
    let nearest = layout.pieces.min { reach(place, $0) < reach(place, $1) }
    guard let nearest, reach(place, nearest) < 4 else { return nil }
    return nearest.net
  }

  private func reach(_ place: Point, _ piece: CircuitLayout.Piece) -> Float {
    let start = pose.place(piece.start)
    let along = pose.place(piece.end) - start
    let away = place - start
    let dot = away.x * along.x + away.y * along.y
    let share = min(max(dot / (along.length * along.length), 0), 1)
    return (away - along * share).length - piece.radius
  }

  private mutating func addBite(_ stream: inout SeededGenerator) -> Point? {
    guard let (place, across, piece) = spot(&stream) else { return nil }
    let depth = piece.radius * stream.uniform(0.55, 1.3)
    let width = stream.uniform(2.5, 4.5)
    let edge = place + across * (piece.radius + 1)
    removed.addLine(
      from: edge, to: place + across * (piece.radius - depth + width), startRadius: width + 0.6,
      endRadius: width)
    return place
  }

  private mutating func addSpur(_ stream: inout SeededGenerator) -> Point? {
    guard let (place, across, piece) = spot(&stream) else { return nil }
    let length = stream.uniform(4, 9)
    let lean = Point(-across.y, across.x) * stream.uniform(-3, 3)
    let tip = place + across * (piece.radius + length) + lean
    guard distance(tip) >= min(length - 1.5, Shape.reach), distance(tip + across * 5) > 3
    else { return nil }
    let width = stream.uniform(1.8, 3.6)
    added.addLine(
      from: place + across * (piece.radius - 1), to: tip, startRadius: width,
      endRadius: width * stream.uniform(0.5, 1))
    return place
  }

  private func anywhere(_ stream: inout SeededGenerator) -> Point {
    let side = Float(drawing.field.width)
    return Point(stream.uniform(32, side - 32), stream.uniform(32, side - 32))
  }

  private mutating func addIsland(_ stream: inout SeededGenerator) -> Point? {
    let place = anywhere(&stream)
    guard isAlone(place), distance(place) >= Shape.reach else { return nil }
    let width = stream.uniform(1.8, 4)
    let along = Point(angle: stream.uniform(0, 6.28), length: stream.uniform(0, 4))
    added.addLine(from: place, to: place + along, startRadius: width, endRadius: width * 0.6)
    return place
  }

  private mutating func addPinHole(_ stream: inout SeededGenerator) -> Point? {
    for _ in 0..<40 {
      let place = anywhere(&stream)
      let depth = -distance(place)
      guard depth > 4.8, isAlone(place) else { continue }
      removed.addDisc(at: place, radius: min(stream.uniform(1.7, 3.4), depth - 2.9))
      return place
    }
    return nil
  }
}
