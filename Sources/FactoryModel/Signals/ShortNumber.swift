extension Double {
  /// The shortest digits that read back as the same number, whole numbers without a point: `90`,
  /// `91.5`, `1e-05`. The number must be finite.
  public var shortText: String {
    precondition(isFinite, "\(self) has no digits")
    // Below 1e15 every whole number is exact in both types.
    return self == rounded() && abs(self) < 1e15 ? String(Int64(self)) : description
  }
}
