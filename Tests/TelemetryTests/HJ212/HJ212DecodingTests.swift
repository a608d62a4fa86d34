import FactoryModel
import Foundation
import Telemetry
import Testing

@Suite("HJ 212 decoding")
struct HJ212DecodingTests {
  @Test("a value is named by field and site, timed by DataTime in the source's zone")
  func naming() {
    var bench = Bench()
    bench.feed(upload("DataTime=20260301160000;a21026-Rtd=12.5,a21026-Flag=N"))
    #expect(bench.samples == ["hj212.a21026-Rtd{mn=S1}=12.5 good 2026-03-01T08:00:00Z"])
    var settings = HJ212Settings()
    settings.zoneOffsetSeconds = 0
    var utc = Bench(settings)
    utc.feed(upload("DataTime=20260301160000;a21026-Rtd=12.5"))
    #expect(utc.samples == ["hj212.a21026-Rtd{mn=S1}=12.5 good 2026-03-01T16:00:00Z"])
  }

  @Test(
    "values of periods and of other commands stay apart",
    arguments: [
      (2_051, "{mn=S1,period=minute}"), (2_061, "{mn=S1,period=hour}"),
      (2_031, "{mn=S1,period=day}"), (2_011, "{mn=S1}"), (2_082, "{cn=2082,mn=S1}"),
    ])
  func periods(_ command: Int, _ tags: String) {
    var bench = Bench()
    bench.feed(upload("DataTime=20260301160000;a-Avg=1,a-Cou=2", command: command))
    #expect(
      bench.samples == [
        "hj212.a-Avg\(tags)=1.0 good 2026-03-01T08:00:00Z",
        "hj212.a-Cou\(tags)=2.0 good 2026-03-01T08:00:00Z",
      ])
  }

  @Test(
    "a data flag says how good the values of its factor are",
    arguments: [
      ("N", Quality.good), ("S", .uncertain), ("T", .uncertain), ("F", .bad), ("M", .bad),
      ("D", .bad), ("C", .bad), ("B", .bad), ("P", .bad), ("d", .bad), ("n", .good),
      ("X", .uncertain), ("NN", .uncertain), ("", .good),
    ])
  func flags(_ flag: String, _ quality: Quality) {
    for item in ["a-Rtd=1,a-ZsRtd=2,a-Flag=\(flag)", "a-Flag=\(flag),a-Rtd=1,a-ZsRtd=2"] {
      var bench = Bench()
      bench.feed(upload("DataTime=20260301160000;b-Rtd=3;\(item);c-Rtd=4"))
      #expect(bench.values == ["b-Rtd=3.0", "a-Rtd=1.0", "a-ZsRtd=2.0", "c-Rtd=4.0"])
      #expect(bench.batch.qualities == [.good, quality, quality, .good], "\(item)")
    }
  }

  @Test(
    "numbers are read as the library reads them",
    arguments: [
      "0", "-0.041", "12.", ".5", "+3", "1e3", "1.5E-3", "0.1", "123456789.123456",
      "999999999999999", "0.000000000000001", "12345678901234567890", "0.30000000000000004",
      "80223.867", "1797693134862315e293",
    ])
  func numbers(_ text: String) {
    var bench = Bench()
    bench.feed(upload("DataTime=20260301160000;a-Rtd=\(text),a-Flag=N"))
    #expect(bench.batch.values == [Double(text)])
  }

  @Test(
    "what is no number is no sample",
    arguments: ["", "--", "1.2.3", "nan", "inf", "1e999", "12a", "0x10", "1 2", "停运", "e5", "-"])
  func texts(_ text: String) {
    var bench = Bench()
    bench.feed(upload("DataTime=20260301160000;a-Info=\(text);b-Rtd=1"))
    #expect(bench.values == ["b-Rtd=1.0"])
    #expect(bench.receiver.counts.texts == 1)
  }

  @Test("long names, names that differ in front only, and factors with a dash are told apart")
  func longNames() {
    var bench = Bench()
    let names = [
      "a-abcdefghijklmnopqrstuvwxyz-Rtd", "b-abcdefghijklmnopqrstuvwxyz-Rtd",
      "aXXXXXXXXXXXXXXX-Rtd",
      "bXXXXXXXXXXXXXXX-Rtd", "SB1-RS", "100003-Pa_ave",
    ]
    let items = names.enumerated().map { "\($1)=\($0)" }.joined(separator: ",")
    for _ in 0..<2 {
      bench.feed(upload("DataTime=20260301160000;\(items),bXXXXXXXXXXXXXXX-Flag=D"))
    }
    #expect(bench.signals.all.map(\.path) == names.map { "hj212.\($0)" })
    #expect(bench.batch.values == [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5])
  }

  private static let departures: [(String, String, [HJ212Tolerance])] = [
    ("QN=1;ST=31;CN=2011;PW=1;MN=S1;", "", [.noFlag]),
    ("ST=31;CN=2011;PW=1;MN=S1;Flag=4;", "", [.noQN]),
    ("QN=1;CN=2011;MN=S1;Flag=4;", "", [.noStation, .noPassword]),
    ("QN=1;ST=31;CN=2011;PW=1;MN=S1;FLAG=4;", "", [.capitalFlag]),
    ("QN=1;ST=31;CN=2011;PW=1;MN=S1;Flag=4 ;", "", [.blankAroundValue]),
    ("QN=1;ST=31;CN=2011;PW=1;MN=S1;Flag=6;PNO=1;PNUM=1;", "", [.partsReversed]),
    ("QN=1;ST=31;CN=2011;PW=1;MN=S1;Flag=6;", "", [.noParts]),
    ("QN=1;ST=31;CN=2011;PW=1;MN=S1;Flag=4;VER=3;", "", [.unknownHeaderItem]),
    ("QN=1;ST=31;CN=2011;PW=1;MN=S1;Flag=4;", ";", [.emptyItem]),
    ("QN=1;ST=31;CN=2011;PW=1;MN=S1;Flag=4;", ",a-Flag=n", [.lowerCaseDataFlag]),
    ("QN=1;ST=31;CN=2011;PW=1;MN=S1;Flag=4;", ",a-Flag=q", [.lowerCaseDataFlag, .unknownDataFlag]),
    ("QN=1;ST=31;CN=2011;PW=1;MN=S1;Flag=4;", ",b-Flag=N", [.strayDataFlag]),
    ("ST=31;CN=2011;PW=1;MN=S1;Flag=4;", ";QN=20260301160000000", [.noQN, .qnInData]),
  ]

  @Test("a departure from the standard is read and counted", arguments: departures)
  func tolerances(_ header: String, _ extra: String, _ expected: [HJ212Tolerance]) {
    var bench = Bench()
    bench.feed(packet("\(header)CP=&&DataTime=20260301160000;a-Rtd=1\(extra)&&"))
    #expect(bench.values == ["a-Rtd=1.0"])
    #expect(bench.tolerated == expected)
  }

  @Test("a segment a little over 1024 bytes is read and counted")
  func longSegment() {
    var bench = Bench()
    let items = (0..<120).map { "f\($0)-Rtd=\($0)" }.joined(separator: ";")
    bench.feed(upload("DataTime=20260301160000;\(items)"))
    #expect(bench.batch.values == (0..<120).map(Double.init))
    #expect(bench.tolerated == [.longSegment])
  }

  @Test("the Modbus checksum is taken where the settings say so, in either order of its bytes")
  func modbus() {
    let segment = "QN=1;ST=31;CN=2011;PW=1;MN=S1;Flag=4;CP=&&DataTime=20260301160000;a-Rtd=1&&"
    let swapped =
      "##00\(segment.utf8.count)" + segment
      + hexadecimal(checksumByDefinition(segment, modbus: true).byteSwapped)
    for rule in HJ212Settings.ChecksumRule.allCases {
      var settings = HJ212Settings()
      settings.checksum = rule
      var bench = Bench(settings)
      bench.feed(packet(segment, modbus: true) + swapped + packet(segment))
      #expect(bench.batch.count == (rule == .standard ? 1 : rule == .modbus ? 2 : 3))
      #expect(bench.receiver.counts[.modbusChecksum] == (rule == .standard ? 2 : 0))
    }
  }

  @Test("DataTime is missing: QN stands in, and without it the time of arrival")
  func missingTime() {
    var bench = Bench()
    bench.feed(upload("a-Rtd=1") + packet("ST=31;CN=2011;PW=1;MN=S1;Flag=4;CP=&&a-Rtd=2&&"), at: 7)
    #expect(
      bench.batch.times == [
        Timestamp(rfc3339: "2026-03-01T00:00:00.123Z")?.nanoseconds,
        Timestamp(rfc3339: "2026-03-01T08:00:07Z")?.nanoseconds,
      ])
  }

  @Test("only sites on the list are heard, with their password")
  func allowList() {
    var settings = HJ212Settings()
    settings.sites = ["S1": "123456", "S2": nil]
    var bench = Bench(settings)
    let answer = bench.feed(
      upload("DataTime=20260301160000;a-Rtd=1").replacing("MN=S1", with: "MN=S3").repacked
        + upload("DataTime=20260301160000;a-Rtd=2").replacing("123456", with: "1").repacked
        + upload("DataTime=20260301160000;a-Rtd=3").replacing("MN=S1", with: "MN=S2").repacked
        + upload("DataTime=20260301160000;a-Rtd=4", flag: 4))
    #expect(bench.batch.values == [3, 4])
    #expect(bench.receiver.counts[.stranger] == 2 && bench.receiver.counts.packets == 2)
    #expect(answer.split(separator: "##").count == 1)
  }

  @Test("the number of signals one connection brings up is bounded")
  func signalLimit() {
    var settings = HJ212Settings()
    settings.mostSignals = 5
    var bench = Bench(settings)
    for index in 0..<20 { bench.feed(upload("DataTime=20260301160000;f\(index)-Rtd=1")) }
    #expect(bench.signals.count == 5)
    #expect(bench.receiver.counts.signalsRefused == 15)
  }
}

extension String {
  /// The same packet with the length and checksum of its changed segment; a line end is one
  /// character.
  fileprivate var repacked: String { packet(String(dropFirst(6).dropLast(5))) }
}
