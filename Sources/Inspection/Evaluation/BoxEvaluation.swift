/// A box found by a method: corners in pixels, class and confidence (higher is surer).
public struct ScoredBox: Hashable, Sendable {
  /// Corners and class.
  public var box: LabelledBox
  /// Higher is surer.
  public var confidence: Double

  /// A found box.
  public init(box: LabelledBox, confidence: Double) {
    self.box = box
    self.confidence = confidence
  }
}

/// Found boxes against labelled boxes, scored as the DeepPCB script does.
///
/// Per image the labels, in file order, each take the surest free detection that overlaps them by
/// more than `overlap` (intersection over union); a pair with equal classes is a hit, every other
/// detection a false alarm. Precision and recall are pooled over images and classes.
public struct BoxEvaluation: Sendable {
  /// Confidence and whether it hit, for every detection, the surest first.
  public private(set) var outcomes: [(confidence: Double, hit: Bool)] = []
  /// Labelled boxes in all.
  public private(set) var labelCount = 0
  private let overlap: Double

  /// An evaluation without images; `overlap` is the IoU that a pair must exceed, 0..1.
  public init(overlap: Double = 0.33) { self.overlap = overlap }

  /// Adds one image.
  public mutating func add(found: [ScoredBox], labels: [LabelledBox]) {
    labelCount += labels.count
    let ordered = found.enumerated().sorted {
      ($1.element.confidence, $0.offset) < ($0.element.confidence, $1.offset)
    }.map(\.element)
    var taken = [Bool](repeating: false, count: ordered.count)
    var hit = taken
    for label in labels {
      let match = ordered.indices.first {
        !taken[$0] && Self.overlap(ordered[$0].box, label) > overlap
      }
      guard let match else { continue }
      taken[match] = true
      hit[match] = ordered[match].box.kind == label.kind
    }
    for index in ordered.indices { outcomes.append((ordered[index].confidence, hit[index])) }
    outcomes.sort { $0.confidence > $1.confidence }
  }

  /// Area under the pooled precision-recall curve with precision made non-increasing, 0..1.
  public var averagePrecision: Double {
    guard labelCount > 0 else { return 0 }
    var hits = 0
    var points: [(recall: Double, precision: Double)] = []
    for (index, outcome) in outcomes.enumerated() {
      if outcome.hit { hits += 1 }
      points.append((Double(hits) / Double(labelCount), Double(hits) / Double(index + 1)))
    }
    var area = 0.0
    var best = 0.0
    for index in points.indices.reversed() {
      best = max(best, points[index].precision)
      area += best * (points[index].recall - (index > 0 ? points[index - 1].recall : 0))
    }
    return area
  }

  /// Harmonic mean of precision and recall of the detections at or above `threshold`, 0..1.
  public func fScore(at threshold: Double) -> Double {
    let kept = outcomes.filter { $0.confidence >= threshold }
    let sum = kept.count + labelCount
    return sum == 0 ? 0 : 2 * Double(kept.count { $0.hit }) / Double(sum)
  }

  /// The confidence at which `fScore` is largest, and that value; nil without detections.
  public var bestThreshold: (threshold: Double, fScore: Double)? {
    var best: (threshold: Double, fScore: Double)?
    var hits = 0
    for (index, outcome) in outcomes.enumerated() {
      if outcome.hit { hits += 1 }
      let next = index + 1
      if next < outcomes.count, outcomes[next].confidence == outcome.confidence { continue }
      let f = 2 * Double(hits) / Double(next + labelCount)
      if f > best?.fScore ?? -1 { best = (outcome.confidence, f) }
    }
    return best
  }

  /// Intersection over union of two boxes, 0..1.
  public static func overlap(_ a: LabelledBox, _ b: LabelledBox) -> Double {
    let width = max(0, min(a.x2, b.x2) - max(a.x1, b.x1))
    let height = max(0, min(a.y2, b.y2) - max(a.y1, b.y1))
    let common = width * height
    let both = (a.x2 - a.x1) * (a.y2 - a.y1) + (b.x2 - b.x1) * (b.y2 - b.y1) - common
    return both <= 0 ? 0 : Double(common) / Double(both)
  }
}
