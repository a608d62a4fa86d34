import FactoryModel

/// What a signal did in one stretch of time.
public struct BucketMean: Hashable, Sendable {
  /// The stretch begins here, a whole number of stretches after 1970.
  public var start: Timestamp
  /// Arithmetic mean of the samples that are not bad; NaN when there is none.
  public var mean: Double
  public var minimum: Double
  public var maximum: Double
  /// Samples that are not bad.
  public var count: Int
  /// Good when all of those are; bad when there is none.
  public var quality: Quality
}

extension SampleHistory {
  /// Means of a signal over stretches of equal length, in order; stretches without any sample are
  /// left out. `every` must be longer than zero.
  public func means(
    of signal: SignalName, in range: Range<Timestamp> = allTime, every: Duration
  ) throws(StorageError) -> [BucketMean] {
    var buckets = BucketSums(step: every.inNanoseconds)
    try visit(signal, in: range) { samples in
      for sample in samples { buckets.add(sample) }
    }
    return buckets.finish()
  }
}

/// Gathers samples in order of time into buckets.
struct BucketSums {
  /// Nanoseconds.
  private let step: Int64
  private var finished: [BucketMean] = []
  private var current: BucketMean?
  private var sum = 0.0

  init(step: Int64) {
    precondition(step > 0, "buckets of \(step) ns")
    self.step = step
  }

  mutating func add(_ sample: Sample) {
    let start = Self.start(of: sample.time, step: step)
    if current?.start != start {
      close()
      current = BucketMean(
        start: start, mean: .nan, minimum: .nan, maximum: .nan, count: 0, quality: .bad)
    }
    guard var bucket = current, sample.quality != .bad, sample.value.isFinite else { return }
    bucket.quality = bucket.count == 0 ? sample.quality : max(bucket.quality, sample.quality)
    bucket.minimum = bucket.count == 0 ? sample.value : min(bucket.minimum, sample.value)
    bucket.maximum = bucket.count == 0 ? sample.value : max(bucket.maximum, sample.value)
    sum += sample.value
    bucket.count += 1
    current = bucket
  }

  mutating func finish() -> [BucketMean] {
    close()
    return finished
  }

  private mutating func close() {
    if var bucket = current {
      if bucket.count > 0 { bucket.mean = sum / Double(bucket.count) }
      finished.append(bucket)
    }
    current = nil
    sum = 0
  }

  /// The beginning of the bucket that a moment lies in.
  static func start(of time: Timestamp, step: Int64) -> Timestamp {
    let rest = time.nanoseconds % step
    return Timestamp(nanoseconds: time.nanoseconds - (rest < 0 ? rest + step : rest))
  }
}
