import FactoryModel
import Telemetry
import TestSupport
import Testing

@Suite("HJ 212 framing")
struct HJ212FramingTests {
  @Test("the standard's test vector: length 0101, checksum 1C80")
  func vector() {
    let segment =
      "QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
      + "CP=&&RtdInterval=30&&"
    #expect(packet(segment) == "##0101\(segment)1C80\r\n")
    var stream = HJ212Stream()
    let events = stream.read(Array("##0101\(segment)1c80".utf8), at: Bench.start)
    #expect(events.map(\.segment) == [Array(segment.utf8)])
  }

  @Test("every length has the checksum of the definition")
  func lengths() {
    var stream = HJ212Stream()
    for count in 2..<80 {
      let segment = String((0..<count - 2).map { "abcdefghijklm=;,-7Z"[$0 % 19] }) + "&&"
      let events = stream.read(Array(packet(segment).utf8), at: Bench.start)
      #expect(events.map(\.segment) == [Array(segment.utf8)], "\(count) bytes")
    }
    #expect(stream.strayBytes == 0)
  }

  private static let damaged: [(String, HJ212Damage.Reason)] = [
    ("##01X1QN=1;CN=2011;MN=S1;CP=&&&&0000\r\n", .lengthNotDigits),
    ("##9999QN=1;CN=2011;MN=S1;CP=&&&&0000\r\n", .tooLong),
    (upload("DataTime=20260301160000;a-Rtd=1").replacing("##00", with: "##02"), .wrongLength),
    (
      upload("DataTime=20260301160000;a-Rtd=1").replacing("a-Rtd=1", with: "a-Rtd=2"),
      .wrongChecksum
    ),
    (
      packet("QN=1;CN=2011;MN=S1;CP=&&DataTime=20260301160000&&", modbus: true), .modbusChecksum
    ),
    (packet("QN=1;CN=2011;MN=S1;Flag=4"), .noFences),
    (packet("QN=1;CN=2011;MN=S1;CP=DataTime=20260301160000&&"), .noFences),
    (packet("QN=1;CN=2011;MN=S1;CP=&&DataTime=20260301160000;oops&&"), .badItem),
    (packet("QN=1;CN=2011;CP=&&DataTime=20260301160000&&"), .missingItem),
    (packet("QN=1;CN=2x11;MN=S1;CP=&&DataTime=20260301160000&&"), .badValue),
    (packet("QN=1;CN=2011;MN=S1;CP=&&DataTime=20261301160000&&"), .badValue),
  ]

  @Test("a damaged packet is refused with its reason", arguments: damaged)
  func reasons(_ bytes: String, _ reason: HJ212Damage.Reason) {
    var bench = Bench()
    // The packet behind takes the place of what a wrong length claims.
    let answer = bench.feed(
      bytes + upload("DataTime=20260301160000;good-Rtd=5,good-Flag=N", flag: 4)
        + upload("DataTime=20260301160000;good-Rtd=6,good-Flag=N", flag: 4)
        + upload("DataTime=20260301160000;good-Rtd=7,good-Flag=N", flag: 4))
    #expect(bench.receiver.counts[reason] == 1)
    #expect(bench.receiver.counts.damaged == 1)
    #expect(bench.values == ["good-Rtd=5.0", "good-Rtd=6.0", "good-Rtd=7.0"])
    #expect(answer.isEmpty)
    #expect(bench.receiver.takeDamages().map(\.reason) == [reason])
    #expect(bench.receiver.takeDamages().isEmpty)
  }

  @Test(
    "wherever a stream is cut in two, and byte by byte, the same comes out",
    arguments: damaged.indices)
  func borders(_ index: Int) {
    // No line end behind the last but one: packets may follow each other directly.
    let bytes = Array(
      ("noise#" + Self.damaged[index].0 + upload("DataTime=20260301160000;a-Rtd=1,a-Flag=N")
        + upload("DataTime=20260301160000;b-Rtd=2").replacing("\r\n", with: "")
        + upload("DataTime=20260301160000;c-Rtd=3")).utf8)
    var whole = Bench()
    let answer = whole.feed(bytes)
    #expect(whole.values == ["a-Rtd=1.0", "b-Rtd=2.0", "c-Rtd=3.0"])
    #expect(whole.receiver.counts.damaged == 1)
    for cut in 0...bytes.count {
      var bench = Bench()
      let first = bench.feed(Array(bytes[..<cut]))
      let second = bench.feed(Array(bytes[cut...]))
      guard bench.values == whole.values, bench.receiver.counts == whole.receiver.counts,
        first + second == answer
      else {
        Issue.record("cut at \(cut): \(bench.values)")
        return
      }
    }
    var single = Bench()
    let answers = bytes.map { single.feed([$0]) }.joined()
    #expect(single.samples == whole.samples)
    #expect(single.receiver.counts == whole.receiver.counts)
    #expect(answers == answer)
  }

  @Test("a packet that does not arrive holds those behind it no longer than the time-out")
  func timeout() {
    var bench = Bench()
    bench.feed("##1000QN=1;" + upload("DataTime=20260301160000;a-Rtd=1"), at: 0)
    bench.feed(upload("DataTime=20260301160000;a-Rtd=2"), at: 5)
    #expect(bench.values.isEmpty)
    #expect(bench.receiver.deadline == Bench.start + .seconds(10))
    bench.advance(to: 9)
    #expect(bench.values.isEmpty)
    bench.advance(to: 10)
    #expect(bench.values == ["a-Rtd=1.0", "a-Rtd=2.0"])
    #expect(bench.receiver.counts[.timedOut] == 1)
    #expect(bench.receiver.deadline == nil)
  }

  @Test("random changes never stop the packets behind them, and what is read is finite")
  func mutations() {
    let sound = upload("DataTime=20260301160000;a21026-Rtd=12.5,a21026-ZsRtd=13,a21026-Flag=N")
    let last = upload("DataTime=20260301160000;end-Rtd=1", flag: 4)
    for seed in propertySeeds {
      var generator = SystemSeed(seed)
      for round in 0..<300 {
        var bytes = Array(sound.utf8)
        for _ in 0...generator.below(4) {
          let place = generator.below(bytes.count)
          switch generator.below(4) {
          case 0: bytes[place] = UInt8(generator.below(256))
          case 1: bytes.remove(at: place)
          case 2: bytes.insert(UInt8(generator.below(256)), at: place)
          default: bytes[place] ^= 1 << generator.below(8)
          }
        }
        var bench = Bench()
        bench.feed(bytes + Array(last.utf8))
        for seconds in [11, 22, 33] { bench.advance(to: seconds) }
        #expect(bench.values.last == "end-Rtd=1.0", "seed \(seed), round \(round): \(bytes)")
      }
    }
  }
}

/// Numbers from a seed.
struct SystemSeed {
  private var state: UInt64

  init(_ seed: UInt64) {
    state = seed
  }

  /// 0 ..< bound.
  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}

extension String {
  fileprivate subscript(place: Int) -> Character { self[index(startIndex, offsetBy: place)] }
}
