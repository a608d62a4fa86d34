import Imaging

/// The turns and mirror images under which a part of a class stays a part of that class.
enum PartSymmetry: Int, Sendable {
  /// As it lies.
  case none
  /// Half turns and mirror images: across stays across.
  case upright
  /// Quarter turns and mirror images.
  case all

  /// One of the symmetry's turns at random: quarters and then, perhaps, left and right exchanged.
  func draw(using generator: inout SeededGenerator) -> (quarters: Int, isMirrored: Bool) {
    switch self {
    case .none: (0, false)
    case .upright: (2 * generator.below(2), generator.below(2) == 1)
    case .all: (generator.below(4), generator.below(2) == 1)
    }
  }

  /// All of the symmetry's turns, as it lies first.
  var turns: [(quarters: Int, isMirrored: Bool)] {
    switch self {
    case .none: [(0, false)]
    case .upright: [(0, false), (0, true), (2, false), (2, true)]
    case .all: (0..<4).flatMap { [($0, false), ($0, true)] }
    }
  }
}

/// Finds out whether classes differ by direction or place, so that turned images would confuse them:
/// scratches along and across, a screw missing on the left or on the right.
///
/// Images are compared by the strength of their edges in four directions and their brightness, in
/// 4 × 4 cells. The vote of the five nearest images of other parts says the class, once with what
/// is seen and once with its mean over a symmetry's turns. Where the mean loses many classes (5 % of the
/// images and three standard errors of the difference), the symmetry does not hold.
struct SymmetrySearch {
  /// More images add little.
  private static let mostImages = 800
  private static let cells = 4
  private static let neighbours = 5

  private let traits: [[Float]]
  private let kinds: [Int]
  private let parts: [String]
  private let workers: any Workers

  /// Shrunk images of `side` by `side`, each with its class and part.
  init(
    _ images: [[UInt8]], side: Int, kinds: [Int], parts: [String], workers: any Workers
  ) {
    let step = max(1, (images.count + Self.mostImages - 1) / Self.mostImages)
    let chosen = Array(stride(from: 0, to: images.count, by: step))
    self.kinds = chosen.map { kinds[$0] }
    self.parts = chosen.map { parts[$0] }
    self.workers = workers
    traits = workers.mapAll(chosen.count) { Self.traits(images[chosen[$0]], side: side) }
  }

  /// The widest symmetry that costs nothing.
  func symmetry() -> PartSymmetry {
    let plain = rights(.none)
    return [PartSymmetry.all, .upright].first { !loses(rights($0), plain) } ?? .none
  }

  private func loses(_ rights: [Bool], _ plain: [Bool]) -> Bool {
    let lost = zip(rights, plain).count { !$0 && $1 }
    let won = zip(rights, plain).count { $0 && !$1 }
    let difference = Double(lost - won)
    return difference >= 0.05 * Double(plain.count)
      && difference >= 3 * Double(lost + won).squareRoot()
  }

  /// Whether the vote names the class of each image.
  private func rights(_ symmetry: PartSymmetry) -> [Bool] {
    let points = Self.standardised(traits.map { Self.mean($0, over: symmetry) })
    return workers.mapAll(points.count) { vote(points, $0) == kinds[$0] }
  }

  private func vote(_ points: [[Float]], _ index: Int) -> Int? {
    var nearest: [(distance: Float, kind: Int)] = []
    for other in points.indices where parts[other] != parts[index] {
      let distance = Self.squaredDistance(points[index], points[other])
      if nearest.count == Self.neighbours, distance >= nearest[nearest.count - 1].distance {
        continue
      }
      let place = nearest.firstIndex { $0.distance > distance } ?? nearest.count
      nearest.insert((distance, kinds[other]), at: place)
      if nearest.count > Self.neighbours { nearest.removeLast() }
    }
    var votes: [Int: Int] = [:]
    for neighbour in nearest { votes[neighbour.kind, default: 0] += 1 }
    // Among equals the class of the nearest.
    return nearest.max { votes[$0.kind, default: 0] < votes[$1.kind, default: 0] }?.kind
  }

  private static func squaredDistance(_ a: [Float], _ b: [Float]) -> Float {
    var sum: Float = 0
    for k in a.indices { sum += (a[k] - b[k]) * (a[k] - b[k]) }
    return sum
  }

  private static func standardised(_ points: [[Float]]) -> [[Float]] {
    guard let count = points.first?.count else { return [] }
    var out = points
    for k in 0..<count {
      let mean = points.reduce(Float(0)) { $0 + $1[k] } / Float(points.count)
      let variance =
        points.reduce(Float(0)) { $0 + ($1[k] - mean) * ($1[k] - mean) } / Float(points.count)
      let scale = 1 / max(variance.squareRoot(), 1e-6)
      for index in out.indices { out[index][k] = (out[index][k] - mean) * scale }
    }
    return out
  }

  /// Per cell, row by row: mean edge along x, y and both diagonals, and brightness, as logarithms.
  private static func traits(_ levels: [UInt8], side: Int) -> [Float] {
    let source = levels.span
    var sums = [Float](repeating: 0, count: cells * cells * 5)
    for y in 0..<side - 1 {
      for x in 0..<side - 1 {
        let at = y * side + x
        let (a, b) = (Float(source[at]), Float(source[at + 1]))
        let (c, d) = (Float(source[at + side]), Float(source[at + side + 1]))
        let cell = (y * cells / side * cells + x * cells / side) * 5
        sums[cell] += abs(a + c - b - d)
        sums[cell + 1] += abs(a + b - c - d)
        sums[cell + 2] += 2 * abs(a - d)
        sums[cell + 3] += 2 * abs(b - c)
        sums[cell + 4] += a
      }
    }
    let area = Float(side * side) / Float(cells * cells)
    return sums.map { Float(MathFunctions.log(Double($0 / area) + 1)) }
  }

  /// The mean over the turns: a quarter turn exchanges x with y and the diagonals, a mirror image the
  /// diagonals, and both move the cells.
  private static func mean(_ traits: [Float], over symmetry: PartSymmetry) -> [Float] {
    let last = cells - 1
    let turns = symmetry.turns
    var out = [Float](repeating: 0, count: traits.count)
    for turn in turns {
      let isOdd = turn.quarters % 2 == 1
      let swapsDiagonals = isOdd != turn.isMirrored
      let order = [
        isOdd ? 1 : 0, isOdd ? 0 : 1, swapsDiagonals ? 3 : 2, swapsDiagonals ? 2 : 3, 4,
      ]
      for y in 0...last {
        for x in 0...last {
          let u = turn.isMirrored ? last - x : x
          let from =
            switch turn.quarters {
            case 0: y * cells + u
            case 1: u * cells + (last - y)
            case 2: (last - y) * cells + (last - u)
            default: (last - u) * cells + y
            }
          for k in 0..<5 {
            out[(y * cells + x) * 5 + k] += traits[from * 5 + order[k]] / Float(turns.count)
          }
        }
      }
    }
    return out
  }
}
