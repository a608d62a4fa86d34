/// Which images of an evaluation show a part that the recipe was taught with.
///
/// A figure over such images is too good: the model has seen the part. Given parts decide where
/// both sides have them; otherwise thumbnails do (see `Thumbnails`).
public struct LeakCheck: Hashable, Sendable {
  /// One flag an evaluated image: it has a sibling in the teaching set.
  public let hasSibling: [Bool]

  /// Evaluated images with a sibling in the teaching set.
  public var siblingsInTeaching: Int { hasSibling.count { $0 } }

  /// By given parts.
  public init(evaluatedParts: [String], taughtParts: Set<String>) {
    hasSibling = evaluatedParts.map { taughtParts.contains($0) }
  }

  /// By thumbnails; `taught` is stored in the recipe.
  public init(evaluated: Thumbnails, taught: Thumbnails, workers: any Workers = OneWorker()) throws
  {
    var flags = [Bool](repeating: false, count: evaluated.count)
    for pair in try evaluated.siblings(with: taught, workers: workers) {
      flags[pair.first] = true
    }
    hasSibling = flags
  }

  /// Either check finds one; both must be of the same images.
  public init(_ first: LeakCheck, or second: LeakCheck) {
    precondition(first.hasSibling.count == second.hasSibling.count, "checks of other images")
    hasSibling = zip(first.hasSibling, second.hasSibling).map { $0 || $1 }
  }

  /// What belongs to each image, without the images that have a sibling.
  public func unseen<Value>(_ values: [Value]) -> [Value] {
    precondition(values.count == hasSibling.count, "a check of other images")
    return zip(values, hasSibling).filter { !$1 }.map(\.0)
  }

  /// A warning for the user, nil when nothing leaks.
  public var warning: String? {
    guard siblingsInTeaching > 0 else { return nil }
    return "\(siblingsInTeaching) of \(hasSibling.count) images show a part that the recipe was "
      + "taught with (near-duplicates); figures over them are too good. See the figures without "
      + "them, or split by part with --groups"
  }
}
