import Imaging
import SampleParts
import Testing

@Suite struct GaugeTests {
  static let generator = SampleGenerator(family: .gauge, seed: 5)

  @Test("the metal's area on the picture is that of the true lengths", arguments: [1, 2])
  func area(_ repetition: Int) {
    let plane = GaugeTests.generator.gaugePart(1, repetition: repetition).plane
    var lengths = [String: Double]()
    for length in GaugeTests.generator.gaugeLengths(1) {
      lengths[length.feature] = length.millimetres
    }
    let quarter = Double.pi / 4
    let corner = (4 - Double.pi) * 1.5 * 1.5
    let slot = lengths["slot width"]!
    let expected =
      lengths["plate width"]! * lengths["plate height"]! - corner
      - quarter * lengths["left hole diameter"]! * lengths["left hole diameter"]!
      - quarter * lengths["right hole diameter"]! * lengths["right hole diameter"]!
      - (lengths["slot length"]! - slot) * slot - quarter * slot * slot
    let dark = Double(plane.pixels.count { $0 < 120 })
    let scale = SampleGenerator.gaugePixelsPerMillimetre
    let measured = dark / (scale * scale)
    #expect(abs(measured / expected - 1) < 0.004, "\(measured) mm², expected \(expected) mm²")
  }

  @Test("a plate is laid down anew each time, and plates differ")
  func repetitions() {
    let first = GaugeTests.generator.gaugePart(1, repetition: 1)
    let second = GaugeTests.generator.gaugePart(1, repetition: 2)
    #expect(first.part == second.part && first.plane != second.plane)
    #expect(GaugeTests.generator.gaugeLengths(1) != GaugeTests.generator.gaugeLengths(2))
    #expect(crc32(of: first.plane.pixels) == 2_065_143_812)
  }
}
