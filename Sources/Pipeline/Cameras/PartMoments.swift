import FactoryModel

/// When the samples of a camera's parts are dated.
///
/// Images copied together may bear one time, to the tick of the file system, and of samples of one
/// time only the last counts. So each image of a tick is dated a nanosecond after the one before; the
/// same image at the same time, inspected again, keeps its moment and counts once.
struct PartMoments: Sendable {
  private struct Known {
    var time: Timestamp
    var moment: Timestamp
  }

  /// Of the images that came last.
  private var known: [String: Known] = [:]
  private var last: Timestamp?

  /// Images that are remembered at most.
  private static let mostKnown = 10_000
  /// Far below a tick, far above the number of images in one.
  private static let tick = Duration.microseconds(100)

  /// The moment of an image whose file was written at `time`.
  mutating func moment(of image: String, at time: Timestamp) -> Timestamp {
    if let known = known[image], known.time == time { return known.moment }
    var moment = time
    if let last, time <= last, last - time < Self.tick { moment = last + .nanoseconds(1) }
    last = moment
    if known.count >= Self.mostKnown { known.removeAll() }
    known[image] = Known(time: time, moment: moment)
    return moment
  }
}
