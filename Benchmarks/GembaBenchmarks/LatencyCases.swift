import Dispatch
import Foundation
import Imaging
import Inspection
import Pipeline
import Synchronization

/// Frame to verdict when frames arrive on a fixed schedule, whether or not the last one is done.
///
/// A frame's time counts from the moment it was due, so that a frame that waits behind a slow one
/// shows its wait (no coordinated omission).
enum LatencyCases {
  static func run() throws {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    for (name, model) in try TaughtSamples.models(width: 512, height: 512) {
      let frames = TaughtSamples.frames(16, width: 512, height: 512)
      var inspector = model.makeInspector()
      let request = InspectionRequest(minimumScore: .infinity)
      let alone = Measurement(passes: 5, pieces: frames.count) {
        for frame in frames { _ = try? inspector.inspect(frame, request) }
      }
      oneAtATime(name, frames, model, workers: cores)
      // Half of what all workers together can do.
      let interval = alone.minimum / Double(cores) * 2
      let measured = schedule(frames, model, workers: cores, milliseconds: interval, count: 2_000)
      Line.print(
        "\(name), 512 × 512, a frame every \(Int(interval * 1_000)) µs, \(cores) workers",
        measured,
        [
          ("p90Milliseconds", measured.percentile(0.9)),
          ("p99Milliseconds", measured.percentile(0.99)),
          ("p99.9Milliseconds", measured.percentile(0.999)),
          ("largestMilliseconds", measured.percentile(1)),
        ])
    }
  }

  /// A frame, its verdict, then the next: all workers share the rows of each.
  private static func oneAtATime(
    _ name: String, _ frames: [Frame], _ model: any TaughtModel, workers: Int
  ) {
    var inspector = model.makeInspector(AllCores(count: workers))
    let request = InspectionRequest(minimumScore: .infinity)
    let clock = ContinuousClock()
    let times = (0..<1_000).map { index in
      let start = clock.now
      _ = try? inspector.inspect(frames[index % frames.count], request)
      return (clock.now - start) / .milliseconds(1)
    }
    let measured = Measurement(milliseconds: times)
    Line.print(
      "\(name), 512 × 512, one frame at a time, \(workers) workers share it", measured,
      [("p99Milliseconds", measured.percentile(0.99))])
  }

  private static func schedule(
    _ frames: [Frame], _ model: any TaughtModel, workers: Int, milliseconds: Double, count: Int
  ) -> Measurement {
    let clock = ContinuousClock()
    let start = clock.now + .milliseconds(50)
    let next = Mutex(0)
    let latencies = Mutex<[Double]>([])
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      var inspector = model.makeInspector()
      let request = InspectionRequest(minimumScore: .infinity)
      _ = try? inspector.inspect(frames[0], request)
      while true {
        let index = next.withLock { place in
          defer { place += 1 }
          return place
        }
        guard index < count else { return }
        let due = start + .microseconds(Double(index) * milliseconds * 1_000)
        while clock.now < due {}
        _ = try? inspector.inspect(frames[index % frames.count], request)
        let latency = (clock.now - due) / .milliseconds(1)
        latencies.withLock { $0.append(latency) }
      }
    }
    return Measurement(milliseconds: latencies.withLock { $0 })
  }
}
