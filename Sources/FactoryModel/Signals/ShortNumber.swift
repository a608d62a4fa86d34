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

  /// With that many decimals, `-0` as `0`; a number that is not finite is a dash.
  public func fixed(digits: Int) -> String {
    guard isFinite else { return "–" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let whole = (abs(self) * scale).rounded()
    let sign = self < 0 && whole > 0 ? "-" : ""
    let text = "\(UInt64(min(whole, 9e18)))"
    guard digits > 0 else { return sign + text }
    let long = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    return sign + long.dropLast(digits) + "." + long.suffix(digits)
  }

  /// A share in per cent with that many decimals: `2.6 %`.
  public func percent(digits: Int) -> String { (self * 100).fixed(digits: digits) + " %" }
}
