import FactoryModel

/// How much of the samples is kept, by their age. The alarm journal and verdicts are always kept.
public struct Retention: Hashable, Sendable {
  /// From an age on a signal has at most one reading for each stretch of time.
  public struct Thinning: Hashable, Sendable {
    public var after: Duration
    public var every: Duration

    /// Readings older than `after` become means over `every`, both longer than zero.
    public init(after: Duration, every: Duration) {
      precondition(after >= .zero && every > .zero, "thinning after \(after) to \(every)")
      self.after = after
      self.every = every
    }
  }

  /// Older readings are removed; nil: none.
  public var keep: Duration?
  /// Coarser with growing age.
  public var thinning: [Thinning]

  /// Everything is kept as it came.
  public init(keep: Duration? = nil, thinning: [Thinning] = []) {
    self.keep = keep
    self.thinning = thinning
  }
}

/// What one call of `RecordFile.age` did.
public struct AgingReport: Hashable, Sendable {
  /// Readings removed because of their age.
  public var removed = 0
  /// Readings that became means, and the means.
  public var thinned = 0
  public var means = 0
  /// Whether more is to be done; call again.
  public var isPartial = false
}
