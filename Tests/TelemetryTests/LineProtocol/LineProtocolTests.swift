import FactoryModel
import Telemetry
import TestSupport
import Testing

/// When lines without a time are received in these tests.
private let received = Timestamp(seconds: 1_772_352_000)

/// What a text reads as: `signal time value`, and the refused lines.
private func read(
  _ text: String, precision: TimePrecision = .nanoseconds
) -> (samples: [String], refused: [String]) {
  var source = TestSource(precision: precision)
  source.read(Array(text.utf8))
  source.finish()
  return (source.samples, source.stream.report.firstRefused.map(\.description))
}

/// A reader with one stream and everything it fills.
struct TestSource {
  var reader = LineProtocolReader()
  var stream: LineStream
  var table = SignalTable()
  var batch = SampleBatch()

  init(precision: TimePrecision = .nanoseconds, limits: LineProtocolReader.Limits = .init()) {
    reader = LineProtocolReader(limits: limits)
    stream = LineStream(precision: precision)
  }

  mutating func read(_ bytes: [UInt8]) {
    reader.read(bytes, of: &stream, receivedAt: received, table: &table, into: &batch)
  }

  mutating func finish() {
    reader.finish(&stream, receivedAt: received, table: &table, into: &batch)
  }

  /// `signal nanoseconds value` of every sample.
  var samples: [String] {
    (0..<batch.count).map { place in
      let (signal, sample) = batch[place]
      return "\(table[signal]) \(sample.time.nanoseconds) \(sample.value)"
    }
  }
}

@Suite("Line protocol")
struct LineProtocolTests {
  @Test(
    "a line becomes samples",
    arguments: [
      ("m f=1 1700000000000000000", ["m.f 1700000000000000000 1.0"]),
      ("m f=-1.25 1700000000000000000\r", ["m.f 1700000000000000000 -1.25"]),
      ("m,b=2,a=1 f=1e3,g=7i,h=9u", ["a=1,b=2 f 1000.0", "a=1,b=2 g 7.0", "a=1,b=2 h 9.0"]),
      ("m f=t,g=False", ["f 1.0", "g 0.0"]),
      ("m f=.5,g=5.,h=+2", ["f 0.5", "g 5.0", "h 2.0"]),
      ("m\\ x,t\\,a=b\\=c f\\ g=1", ["m x.f g{t\\,a=b\\=c} 1772352000000000000 1.0"]),
      ("  m  f=1  1700000000000000000  ", ["m.f 1700000000000000000 1.0"]),
      (
        "m f=0.1,g=123456789012345678,h=9223372036854775807i",
        [
          "0.1", "1.2345678901234568e+17",
          "9.223372036854776e+18",
        ]
      ),
      ("m f=\"a, \\\"b\\\" c\" 1700000000000000000", ["m.f 1700000000000000000 0.0"]),
      ("# comment", []), ("", []), ("\r", []),
    ])
  func lines(_ line: String, _ expected: [String]) {
    let (samples, refused) = read(line + "\n" + line + "\n")
    #expect(refused.isEmpty)
    #expect(samples.count == expected.count * 2)
    for (sample, part) in zip(samples, expected + expected) {
      let words = part.split(separator: " ")
      #expect(words.allSatisfy { sample.contains($0) }, "\(sample) should hold \(part)")
    }
  }

  @Test(
    "a line with a fault is refused with its reason and the next one is read",
    arguments: [
      ("m", "has no field"), ("m ", "has no field"), (",a=b f=1", "without a measurement"),
      ("m,a f=1", "'a f=1' is no tag"), ("m,a= f=1", "is no tag"), ("m,=a f=1", "is no tag"),
      ("m,a=1,a=2 f=1", "'a' stands twice"), ("m,a=1=2 f=1", "is no tag"),
      ("m f", "'f' is no field"), ("m f=1,", "is no field"), ("m =1", "is no field"),
      ("m f=", "the value '' of 'f'"), ("m f=nan", "'nan'"), ("m f=inf", "'inf'"),
      ("m f=-inf", "'-inf'"), ("m f=0x10", "'0x10'"), ("m f=1e999", "out of range"),
      ("m f=1.5i", "'1.5i'"), ("m f=9223372036854775808i", "out of range"),
      ("m f=-1u", "out of range"), ("m f=1e", "'1e'"), ("m f=.", "'.'"), ("m f=1_000", "1_000"),
      ("m f=\"a", "no closing quote"), ("m f=\"a\"b", "is no field"),
      ("m f=1 x", "'x' is no time"), ("m f=1 1.5", "'1.5' is no time"),
      ("m f=1 99999999999999999999", "is no time"), ("m f=1 1 2", "'1 2' is no time"),
      ("m f=1 1700000000", "outside 1980 to 2199"), ("m f=1 -5", "outside 1980 to 2199"),
      ("m f=1 9223372036854775807", "outside 1980 to 2199"),
    ])
  func refused(_ line: String, _ reason: String) throws {
    for known in ["", "m f=3\n"] {
      let (samples, refused) = read(known + line + "\nm f=2\n")
      #expect(samples.last?.hasSuffix(" 2.0") == true)
      #expect(samples.count == (known.isEmpty ? 1 : 2))
      try #require(refused.count == 1)
      #expect(refused[0].hasPrefix(known.isEmpty ? "line 1: " : "line 2: "))
      #expect(refused[0].contains(reason), "\(refused[0])")
    }
  }

  @Test("bytes that are no UTF-8 are refused in names and in text")
  func encoding() {
    for line in ["m,a=\u{1} f=1", "m f\u{1}=1", "m f=\"\u{1}\""] {
      var source = TestSource()
      source.read(line.utf8.map { $0 == 1 ? 0xFF : $0 } + [10])
      #expect(source.batch.isEmpty)
      #expect(source.stream.report.firstRefused.first?.fault == .notUTF8)
    }
  }

  @Test(
    "times are counted in the stream's precision",
    arguments: zip(
      TimePrecision.allCases,
      [
        "1700000000000000000", "1700000000000000", "1700000000000", "1700000000", "28333333",
        "472222",
      ]))
  func precision(_ precision: TimePrecision, _ steps: String) {
    let (samples, refused) = read("m f=1 \(steps)\nm f=1 \(steps)\nm f=1 1\n", precision: precision)
    let time = (Int64(steps) ?? 0) * precision.nanoseconds
    #expect(samples == ["m.f \(time) 1.0", "m.f \(time) 1.0"])
    #expect(refused.count == 1)
  }

  @Test("a text stands for its place in the signal's words")
  func texts() {
    var source = TestSource()
    source.read(Array("m s=\"run\"\nm s=\"stop\"\nm s=\"run\"\n".utf8))
    #expect(source.batch.values == [0, 1, 0])
    #expect(source.table.texts(of: SignalID(index: 0)) == ["run", "stop"])
  }

  @Test("a line over the limit costs itself alone, however it arrives")
  func longLines() {
    let long = [UInt8](repeating: 0x61, count: 70_000)
    for piece in [1_000, 69_999, 200_000] {
      var source = TestSource()
      let bytes = Array("m f=1\n".utf8) + long + Array("\nm f=2\n".utf8)
      for start in stride(from: 0, to: bytes.count, by: piece) {
        source.read(Array(bytes[start..<min(start + piece, bytes.count)]))
      }
      #expect(source.batch.values == [1, 2])
      #expect(source.stream.report.firstRefused.map(\.line) == [2])
      #expect(source.stream.report.firstRefused.map(\.fault) == [.tooLong(limit: 65_536)])
      #expect(source.stream.report.lines == 3)
    }
  }

  @Test("new signals and new texts beyond the limits are refused, known ones go on")
  func limits() {
    var limits = LineProtocolReader.Limits()
    limits.signals = 2
    limits.texts = 2
    var source = TestSource(limits: limits)
    source.read(Array("m a=1\nm b=\"x\"\nm c=1\nm a=2\nm b=\"y\"\nm b=\"z\"\nm b=\"x\"\n".utf8))
    #expect(source.batch.values == [1, 0, 2, 1, 0])
    #expect(
      source.stream.report.firstRefused.map(\.fault) == [
        .tooManySignals(limit: 2), .tooManyTexts(field: "b", limit: 2),
      ])
  }
}
