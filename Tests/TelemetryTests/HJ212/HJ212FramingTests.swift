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

  @Test("inside of what is refused every packet is found", arguments: propertySeeds)
  func inside(_ seed: UInt64) {
    var random = RandomSeries(seed: seed)
    for rule in HJ212Settings.ChecksumRule.allCases {
      var settings = HJ212Settings()
      settings.checksum = rule
      var bytes = ""
      var expected: [[UInt8]] = []
      for _ in 0..<400 {
        let length = 20 + random.below(600)
        let segment = String((0..<length).map { "ab#9&;=,"[($0 * 7 + random.below(8)) % 8] }) + "&&"
        switch random.below(4) {
        case 0:
          let isModbus = rule == .both ? random.below(2) == 0 : rule == .modbus
          bytes += packet(segment, modbus: isModbus)
          expected.append(Array(segment.utf8))
        case 1: bytes += packet(segment).dropLast(4) + "0000"
        case 2: bytes += String(repeating: "##\(1_000 + random.below(1_048))", count: 9)
        default: bytes += "##0" + String(repeating: "A", count: random.below(90))
        }
      }
      bytes += String(repeating: "-", count: 3_000)
      var stream = HJ212Stream(settings: settings)
      let found = stream.read(Array(bytes.utf8), at: Bench.start).map(\.segment)
      // Random bytes may look like a packet to nobody; those put in are all found, in order.
      var rest = found.filter { !$0.isEmpty }[...]
      for segment in expected {
        #expect(rest.contains(segment), "seed \(seed), \(rule)")
        rest = rest[(rest.firstIndex(of: segment).map { $0 + 1 } ?? rest.endIndex)...]
      }
    }
  }

  @Test("a stream of headers costs no more than its length, and hides nothing")
  func headers() {
    var stream = HJ212Stream()
    let valid = upload("DataTime=20260301160000;a-Rtd=1")
    let hostile = String(repeating: "##2048&&0A1B", count: 20_000)
    let bytes = hostile + valid + String(repeating: " ", count: 2_100)
    let found = stream.read(Array(bytes.utf8), at: Bench.start).map(\.segment)
    #expect(found.filter { !$0.isEmpty }.count == 1)
  }

  @Test("a packet that claims millions of parts costs no more than another")
  func claimedParts() {
    var bench = Bench()
    bench.feed(upload("DataTime=20260301160000;a-Rtd=1", parts: "PNUM=220000123;PNO=1;"))
    bench.advance(to: 60)
    #expect(bench.values == ["a-Rtd=1.0"])
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
    #expect(bench.receiver.counts.refused == 1)
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
    #expect(whole.receiver.counts.refused == 1)
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
