import FactoryModel
import Testing

@testable import Pipeline

@Test("images of one time are dated one after the other, the same image once")
func partMoments() {
  var moments = PartMoments()
  let time = Timestamp(seconds: 7)
  let times = (0..<5).map { moments.moment(of: "\($0).png", at: time) }
  #expect(times == (0..<5).map { time + .nanoseconds($0) })
  #expect(moments.moment(of: "3.png", at: time) == times[3])
  let later = time + .milliseconds(4)
  #expect(moments.moment(of: "3.png", at: later) == later)
  #expect(moments.moment(of: "4.png", at: later) == later + .nanoseconds(1))
  // Of an image that comes late the time is its own.
  #expect(moments.moment(of: "9.png", at: Timestamp(seconds: 3)) == Timestamp(seconds: 3))
}
