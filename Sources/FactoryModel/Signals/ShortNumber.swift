extension Double {
  /// The shortest digits that read back as the same number, whole numbers without a point: `90`,
  /// `91.5`, `1e-05`. The number must be finite.
  public var shortText: String {
    precondition(isFinite, "\(self) has no digits")
    // Below 1e15 every whole number is exact in both types.
    return self == rounded() && abs(self) < 1e15 ? String(Int64(self)) : description
  }

  /// As people read scores and thresholds: at most four significant digits, none finer than a
  /// billionth: `24`, `1.413`, `0.05122`, `123500`. A number that is not finite is a dash.
  public var fourDigits: String {
    guard isFinite else { return "–" }
    var scale = 1.0
    while abs(self) * scale < 1000, scale < 1e9 { scale *= 10 }
    var unit = 1.0
    while abs(self) >= 10_000 * unit { unit *= 10 }
    return ((self / unit * scale).rounded() * unit / scale).shortText
  }
}
