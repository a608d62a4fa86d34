import FactoryModel
import Imaging
import Telemetry
import TestSupport
import Testing

@Suite("Line protocol, written")
struct LineProtocolWriterTests {
  private static let names = [
    SignalName(measurement: "machine", field: "temp"),
    SignalName(measurement: "a.b c,d", field: "e=f\\", tags: [.init("k ,=", "v \\,=\"")]),
    SignalName(measurement: "ma\\ß", field: "x", tags: [.init("z", "1"), .init("a", "\\")]),
    SignalName(path: ".a..b."),
  ]

  @Test("what was written is read back as the same signals and samples", arguments: propertySeeds)
  func roundTrip(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var table = SignalTable()
    var written: [String] = []
    var text: [UInt8] = []
    for name in Self.names {
      let writer = LineProtocolWriter(name)
      for _ in 0..<50 {
        let sample = Sample(
          time: Timestamp(nanoseconds: Int64.random(in: 1 << 59...1 << 62, using: &generator)),
          value: [1, 1e-3, 1e300, 1e-300].randomElement(using: &generator)!
            * Double.random(in: -9...9, using: &generator).rounded(toDecimals: generator.below(9))
            + 0)
        #expect(writer.append(sample, to: &text))
        written.append("\(name) \(sample.time) \(sample.value)")
      }
    }
    var reader = LineProtocolReader()
    var stream = LineStream()
    var batch = SampleBatch()
    reader.read(
      text, of: &stream, receivedAt: Timestamp(seconds: 0), table: &table, into: &batch)
    #expect(stream.report.firstRefused.isEmpty, "seed \(seed)")
    let read = (0..<batch.count).map { place in
      let (signal, sample) = batch[place]
      return "\(table[signal]) \(sample.time) \(sample.value)"
    }
    #expect(read == written, "seed \(seed)")
  }

  @Test("words are written as text, numbers beyond the words as numbers")
  func words() {
    let writer = LineProtocolWriter(
      SignalName(path: "m.state"), texts: ["run", "say \"stop\\\"\nnow"])
    var text: [UInt8] = []
    for value in [1.0, 0, 2, 0.5] {
      _ = writer.append(Sample(time: Timestamp(nanoseconds: 7), value: value), to: &text)
    }
    #expect(
      String(decoding: text, as: UTF8.self) == """
        m state="say \\"stop\\\\\\" now" 7
        m state="run" 7
        m state=2 7
        m state=0.5 7

        """)
  }

  @Test("a bad sample has no line, a path without a point gets the field value")
  func leftOut() {
    let writer = LineProtocolWriter(SignalName(path: "level"))
    var text: [UInt8] = []
    let time = Timestamp(nanoseconds: -5)
    #expect(!writer.append(Sample(time: time, value: .nan, quality: .bad), to: &text))
    #expect(!writer.append(Sample(time: time, value: 3, quality: .bad), to: &text))
    #expect(writer.append(Sample(time: time, value: 3, quality: .uncertain), to: &text))
    #expect(String(decoding: text, as: UTF8.self) == "level value=3 -5\n")
  }
}

extension Double {
  fileprivate func rounded(toDecimals count: Int) -> Double {
    let scale = (0..<count).reduce(1.0) { scale, _ in scale * 10 }
    return (self * scale).rounded() / scale
  }
}
