import FactoryModel

/// What the mean of the running hour will be if the level of the last minutes holds.
///
///     (Σ minutes so far + level · minutes to come) / (minutes so far + minutes to come)
///
/// `level` is the mean of the last ten minutes. A straight line through them was not taken: over a
/// horizon several times its base its slope adds more error than it explains.
enum HourForecast {
  /// How far back the level looks.
  static let memory: Duration = .seconds(600)
  private static let minute: Duration = .seconds(60)

  /// The forecast for the period `span` after one of its minutes; nil without a converted mean in
  /// the last ten minutes. `converted` gives a minute's, nil where it has none.
  static func mean(
    _ span: Range<Timestamp>, after last: Timestamp, converted: (Timestamp) -> Double?
  ) -> Double? {
    var recent = (sum: 0.0, count: 0.0)
    var soFar = (sum: 0.0, count: 0.0)
    var at = min(span.lowerBound, last + minute - memory)
    while at <= last {
      if let value = converted(at) {
        if at > last - memory { recent = (recent.sum + value, recent.count + 1) }
        if at >= span.lowerBound { soFar = (soFar.sum + value, soFar.count + 1) }
      }
      at = at + minute
    }
    guard recent.count > 0 else { return nil }
    let toCome = ((span.upperBound - last).inSeconds / 60 - 1).rounded()
    let level = recent.sum / recent.count
    return (soFar.sum + level * toCome) / (soFar.count + toCome)
  }
}
