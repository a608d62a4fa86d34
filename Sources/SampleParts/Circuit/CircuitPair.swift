import Imaging

/// The six classes of defects of a printed circuit, in the order of their numbers from 1.
public enum CircuitDefectKind: String, CaseIterable, Sendable {
  /// A track is parted.
  case open
  /// Two tracks are joined.
  case short
  /// A bite out of a track's edge.
  case mousebite
  /// A tip of copper on a track's edge.
  case spur
  /// An island of copper where there should be none.
  case copper
  /// A hole inside copper.
  case pinHole = "pin-hole"

  /// The number in a box file: 1 open, 2 short, 3 mousebite, 4 spur, 5 copper, 6 pin-hole.
  public var number: Int { (CircuitDefectKind.allCases.firstIndex(of: self) ?? 0) + 1 }
}

/// A defect of a circuit and the box around it, in pixels of the test picture.
public struct CircuitDefect: Hashable, Sendable {
  /// Its class.
  public var kind: CircuitDefectKind
  /// The box's first and last column and row, all inside the box.
  public var left: Int
  public var top: Int
  public var right: Int
  public var bottom: Int

  /// The line of a box file: `x1 y1 x2 y2 type`, x2 and y2 one past the box.
  public var line: String { "\(left) \(top) \(right + 1) \(bottom + 1) \(kind.number)" }
}

/// A circuit as it should be and as it was found; copper is 0, board 255, nothing between.
public struct CircuitPair: Sendable {
  /// The circuit as it should be.
  public var template: Plane
  /// The circuit as found: moved by up to 2 pixels, turned by up to 0.1°, etched unevenly.
  public var test: Plane
  /// 255 where a defect changed the test picture.
  public var mask: Plane
  /// What is wrong with it.
  public var defects: [CircuitDefect]
}

extension SampleGenerator {
  /// Circuit `index` with 3 to 10 defects.
  public func circuitPair(_ index: Int) -> CircuitPair {
    var stream = SeededGenerator(seed: seed, part: index, purpose: "circuit defects")
    let count = 3 + stream.below(8)
    return circuitPair(index, placing: count, from: &stream)
  }

  /// Circuit `index` without a defect: the test picture of `circuitPair(index)` outside its mask.
  public func goodCircuitPair(_ index: Int) -> CircuitPair {
    var stream = SeededGenerator(seed: seed, part: index, purpose: "circuit defects")
    return circuitPair(index, placing: 0, from: &stream)
  }

  private func circuitPair(
    _ index: Int, placing count: Int, from defectStream: inout SeededGenerator
  ) -> CircuitPair {
    let layout = CircuitLayout(seed: seed, index: index)
    var stream = SeededGenerator(seed: seed, part: index, purpose: "circuit test")
    let side = CircuitLayout.side
    let pose = Pose(
      origin: Point(stream.uniform(-1.5, 1.5), stream.uniform(-1.5, 1.5)),
      radians: stream.uniform(-0.0016, 0.0016))
    var expected = layout.drawn(Pose(origin: Point(0, 0), radians: 0))
    let found = layout.drawn(pose)
    var wobble = Field(width: side, height: side)
    wobble.addNoise(cellX: 3, cellY: 3, amplitude: 0.9, from: &stream)
    wobble.addNoise(cellX: 26, cellY: 26, amplitude: 0.7, from: &stream)
    var defects = CircuitDefects(layout: layout, drawing: found, pose: pose)
    defects.place(count, from: &defectStream)
    let clean = CircuitPair.picture(found, wobble)
    let test = CircuitPair.picture(defects.applied(to: found), wobble)
    expected.roughen(amplitude: 0.5, cell: 3, from: &stream)
    let boxes = defects.boxes(clean: clean, test: test)
    return CircuitPair(
      template: CircuitPair.picture(expected, nil), test: test,
      mask: CircuitPair.difference(clean, test), defects: boxes)
  }
}

extension CircuitPair {
  static func picture(_ drawing: Shape, _ wobble: Field?) -> Plane {
    var plane = Plane(width: drawing.field.width, height: drawing.field.height, filledWith: 255)
    for index in plane.pixels.indices {
      let distance = drawing.field.values[index] + (wobble?.values[index] ?? 0)
      if distance < 0 { plane.pixels[index] = 0 }
    }
    return plane
  }

  static func difference(_ left: Plane, _ right: Plane) -> Plane {
    var mask = Plane(width: left.width, height: left.height)
    for index in mask.pixels.indices where left.pixels[index] != right.pixels[index] {
      mask.pixels[index] = 255
    }
    return mask
  }
}
