import FactoryModel
import Imaging
import Telemetry
import TestSupport
import Testing

/// A line and the samples it should give, made from random parts.
private struct RandomLines {
  var text = ""
  var expected: [String] = []
  private var generator: SeededGenerator

  init(seed: UInt64, lines: Int) {
    generator = SeededGenerator(seed: seed)
    for _ in 0..<lines { addLine() }
  }

  private mutating func addLine() {
    let tags = ["line=2", "id=m\(Int.random(in: 0..<5, using: &generator))", "a\\ b=c"]
      .prefix(Int.random(in: 0...3, using: &generator)).shuffled(using: &generator)
    let fields = ["temp", "load", "speed"].prefix(Int.random(in: 1...3, using: &generator))
    let time =
      Int64.random(in: 400_000_000...7_000_000_000, using: &generator) * 1_000_000_000
      + Int64.random(in: 0..<1_000_000_000, using: &generator)
    let values = fields.map { ($0, number()) }
    text += (["machine"] + tags).joined(separator: ",") + " "
    text += values.map { "\($0)=\($1)" }.joined(separator: ",") + " \(time)\n"
    let sorted = tags.map { $0.replacing("\\", with: "") }.sorted().joined(separator: ",")
    for (field, value) in values {
      let name = sorted.isEmpty ? "machine.\(field)" : "machine.\(field){\(sorted)}"
      let plain = value.hasSuffix("i") ? String(value.dropLast()) : value
      expected.append("\(name) \(time) \(Double(plain) ?? .nan)")
    }
  }

  private mutating func number() -> String {
    let whole = String(Int.random(in: -1_000_000...1_000_000, using: &generator))
    var digits = ""
    for _ in 0..<Int.random(in: 1...20, using: &generator) {
      digits += String(Int.random(in: 0...9, using: &generator))
    }
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: return whole + "i"
    case 1: return whole
    case 2: return "\(Double.random(in: -1e9...1e9, using: &generator))"
    case 3: return whole + ".\(digits)e-\(digits.count)"
    case 4: return digits
    default: return "\(whole).\(digits)"
    }
  }
}

@Suite("Line protocol, random")
struct LineProtocolPropertyTests {
  @Test("random lines give the samples they were made from", arguments: propertySeeds)
  func random(_ seed: UInt64) {
    let lines = RandomLines(seed: seed, lines: 2_000)
    var source = TestSource()
    source.read(Array(lines.text.utf8))
    #expect(source.stream.report.firstRefused.isEmpty, "seed \(seed)")
    #expect(source.samples == lines.expected, "seed \(seed)")
    #expect(source.stream.report.lines == 2_000)
  }

  @Test("a cut between any two bytes changes nothing")
  func cuts() {
    let lines = RandomLines(seed: 7, lines: 6)
    let bytes = Array((lines.text + "m f=nan\n# end\nm f=1 1700000000000000000").utf8)
    let expected = lines.expected + ["m.f 1700000000000000000 1.0"]
    for cut in 0...bytes.count {
      var source = TestSource()
      for piece in [bytes[..<cut], bytes[cut...]] { source.read(Array(piece)) }
      source.finish()
      #expect(source.samples == expected, "cut at \(cut)")
      #expect(source.stream.report.refused == 1)
    }
    var source = TestSource()
    for byte in bytes { source.read([byte]) }
    source.finish()
    #expect(source.samples == expected)
  }

  @Test("a damaged text reads alike at once, in pieces and by a new reader for each line")
  func damaged() {
    for seed in UInt64(1)...60 {
      var generator = SeededGenerator(seed: seed)
      var bytes = Array(RandomLines(seed: seed, lines: 30).text.utf8)
      let marks = Array("\n\\ ,=\"#-+.eEitf0\r".utf8) + [0, 0xFF]
      for _ in 0..<Int.random(in: 1...40, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] = marks.randomElement(using: &generator) ?? 0
      }
      var whole = TestSource()
      whole.read(bytes)
      whole.finish()
      var pieces = TestSource()
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = min(rest.count, Int.random(in: 1...90, using: &generator))
        pieces.read(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      pieces.finish()
      #expect(pieces.samples == whole.samples, "seed \(seed)")
      #expect(pieces.stream.report == whole.stream.report, "seed \(seed)")
      var lone: [String] = []
      for line in bytes.split(separator: 10, omittingEmptySubsequences: true) {
        var source = TestSource()
        source.read(Array(line))
        source.finish()
        lone += source.samples
      }
      #expect(lone == whole.samples, "seed \(seed)")
    }
  }
}
