/// Independent pieces of work done side by side. `Pipeline` has the implementation on all cores;
/// `OneWorker` is the plain loop. Results come in order, so they do not depend on the number of
/// workers.
public protocol Workers: Sendable {
  /// How many pieces are done at the same time, ≥ 1.
  var count: Int { get }

  /// `body(i)` for every `i` in `0..<count`, results in order; the first error of the lowest `i`
  /// is thrown.
  func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result]

  /// `body(s, i)` for every `i` in `0..<pieces[s]`, stage `s` by stage: no piece of a stage begins before
  /// all pieces of the stage before are done.
  func inStages(_ pieces: [Int], _ body: @Sendable (Int, Int) -> Void)
}

extension Workers {
  /// One, unless said otherwise.
  public var count: Int { 1 }

  /// One `map` after the other, unless said otherwise.
  public func inStages(_ pieces: [Int], _ body: @Sendable (Int, Int) -> Void) {
    for (stage, count) in pieces.enumerated() { _ = mapAll(count) { body(stage, $0) } }
  }

  /// `map` for work that cannot fail.
  func mapAll<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    do { return try map(count, body) } catch { preconditionFailure("work failed: \(error)") }
  }
}

/// All work one after the other on the calling thread.
public struct OneWorker: Workers {
  /// The plain loop.
  public init() {}

  public func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    try (0..<count).map(body)
  }
}
