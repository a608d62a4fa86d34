/// A verdict with where and when it was given: a line of the record of inspections.
public struct CameraVerdict: Hashable, Sendable {
  /// When the image was taken, or written where the camera does not say.
  public var time: Timestamp
  /// The camera's name in the site file.
  public var camera: String
  /// The part's own number, where it is known.
  public var part: String?
  public var verdict: Verdict

  /// A line of the record.
  public init(time: Timestamp, camera: String, part: String? = nil, verdict: Verdict) {
    self.time = time
    self.camera = camera
    self.part = part
    self.verdict = verdict
  }
}
