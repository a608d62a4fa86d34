import Imaging

/// A made-up picture of a part, with the truth about it.
public struct SamplePart: Sendable {
  /// The picture.
  public var plane: Plane
  /// 255 on defect pixels, nil for a good part. Outside it the picture is, byte for byte, that of
  /// the same part without the defect.
  public var mask: Plane?
  /// The class of the defect, nil for a good part.
  public var kind: String?
  /// The part it shows; several exposures share one.
  public var part: String
  /// How plain the defect is: 0 hard to see, 1 obvious; nil for a good part.
  public var severity: Float?

  /// A picture and the truth about it.
  public init(
    plane: Plane, mask: Plane? = nil, kind: String? = nil, part: String, severity: Float? = nil
  ) {
    self.plane = plane
    self.mask = mask
    self.kind = kind
    self.part = part
    self.severity = severity
  }
}
