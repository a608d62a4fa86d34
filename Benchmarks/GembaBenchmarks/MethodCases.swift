import Imaging
import Inspection

/// Methods on made-up castings, decoded frames, one thread: the usual size, then from small to
/// large.
enum MethodCases {
  static func run() throws {
    for (name, model) in try TaughtSamples.models() {
      measure("\(name), 324 × 324 (105 kpx), one thread", model, TaughtSamples.frames(10), 15)
    }
  }

  /// The network of `learned` alone: images that need no shrinking.
  static func network() throws {
    for (name, model) in try TaughtSamples.models(width: 128, height: 128) where name == "learned" {
      let frames = TaughtSamples.frames(1, width: 128, height: 128)
      measure("\(name), 128 × 128, one thread", model, frames, 400)
    }
  }

  /// The same over 64² to 4096², and 8192² by repeating the picture.
  static func sizes() throws {
    for side in [64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192] {
      let made = min(side, 1_024)
      let frames = TaughtSamples.frames(side <= 1_024 ? 4 : 1, width: made, height: made)
        .map { Frame($0.plane.repeated(side / made)) }
      for (name, model) in try TaughtSamples.models(width: made, height: made)
      where name == "surface" || side == made {
        measure("\(name), \(side) × \(side), one thread", model, frames, side > 1_024 ? 3 : 7)
      }
    }
  }

  private static func measure(
    _ name: String, _ model: any TaughtModel, _ frames: [Frame], _ passes: Int
  ) {
    var inspector = model.makeInspector()
    let request = InspectionRequest(minimumScore: .infinity)
    let measured = Measurement(passes: passes, pieces: frames.count) {
      for frame in frames { _ = try? inspector.inspect(frame, request) }
    }
    let pixels = Double(frames[0].plane.pixels.count)
    Line.print(name, measured, [("megapixelsPerSecond", pixels / measured.minimum / 1e3)])
  }
}

extension Plane {
  /// The picture laid side by side and one below the other, `times` each way.
  fileprivate func repeated(_ times: Int) -> Plane {
    guard times > 1 else { return self }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(self.pixels.count * times * times)
    for y in 0..<height * times {
      let row = self.pixels[(y % height) * width..<(y % height + 1) * width]
      for _ in 0..<times { pixels += row }
    }
    return Plane(width: width * times, height: height * times, pixels: pixels)
  }
}
