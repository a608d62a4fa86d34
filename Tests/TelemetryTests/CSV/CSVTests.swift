import FactoryModel
import Foundation
import Telemetry
import TestSupport
import Testing

/// Everything that a table gives, read in chunks of a length.
private func read(
  _ text: String, _ settings: CSVSettings = CSVSettings(measurement: "m"), chunk: Int = .max,
  limits: LineProtocolReader.Limits = .init()
) throws -> (samples: [String], faults: [String], table: SignalTable) {
  var reader = CSVReader(settings, limits: limits)
  var table = SignalTable()
  var batch = SampleBatch()
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let piece = Array(rest.prefix(chunk))
    try reader.read(piece, table: &table, into: &batch)
    rest = rest.dropFirst(piece.count)
  }
  try reader.finish(table: &table, into: &batch)
  #expect(reader.report.samples == batch.count)
  return (samples(of: batch, table), reader.report.firstFaults.map(\.description), table)
}

/// `signal time value`, with the quality where it is not good.
func samples(of batch: SampleBatch, _ table: SignalTable) -> [String] {
  (0..<batch.count).map { place in
    let (signal, sample) = batch[place]
    let quality = sample.quality == .good ? "" : " \(sample.quality.name)"
    return "\(table[signal]) \(sample.time) \(sample.value)\(quality)"
  }
}

@Suite("CSV")
struct CSVTests {
  @Test(
    "a table becomes samples, whatever its separator, time and decimal mark",
    arguments: [
      ("time,temp\n2026-03-01T08:00:00Z,90\n", ["m.temp 2026-03-01T08:00:00Z 90.0"]),
      ("\u{FEFF}time;temp\r\n2026-03-01 08:00:00;90,5\r\n", ["m.temp 2026-03-01T08:00:00Z 90.5"]),
      ("temp\tTimestamp\n-1e3\t1772352000", ["m.temp 2026-03-01T08:00:00Z -1000.0"]),
      ("ts,a b\n1772352000250,1\n", ["m.a b 2026-03-01T08:00:00.250Z 1.0"]),
      ("ts,x\n1772352000.25,1\n", ["m.x 2026-03-01T08:00:00.250Z 1.0"]),
      ("ts,x\n1772352000000000001,1\n", ["m.x 2026-03-01T08:00:00.000000001Z 1.0"]),
      ("Date;Time;x\n01.03.2026;08:00:00;1\n", ["m.x 2026-03-01T08:00:00Z 1.0"]),
      ("date;x\n2026/03/01;1\n", ["m.x 2026-03-01T00:00:00Z 1.0"]),
      (
        "time,x,y\n2026-03-01T16:00+08:00, 1 ,\"2\"\n",
        ["m.x 2026-03-01T08:00:00Z 1.0", "m.y 2026-03-01T08:00:00Z 2.0"]
      ),
      (
        "time,x,y,z\n2026-03-01,,NaN,true\n",
        ["m.y 2026-03-01T00:00:00Z nan bad", "m.z 2026-03-01T00:00:00Z 1.0"]
      ),
    ])
  func tables(_ text: String, _ expected: [String]) throws {
    for chunk in [Int.max, 1, 7] {
      let found = try read(text, chunk: chunk)
      #expect(found.samples == expected)
      #expect(found.faults.isEmpty)
    }
  }

  @Test("tag columns name the machine, others are left out when told, a zone is applied")
  func settings() throws {
    let found = try read(
      "when,machine,temp,note\n2026-03-01 08:00:00,m7,90,x\n2026-03-01 08:00:01,m8,91,y\n",
      CSVSettings(
        measurement: "press", times: .column("when"), zoneOffsetSeconds: 28_800,
        tagColumns: ["machine"], ignoredColumns: ["note"]))
    #expect(
      found.samples == [
        "press.temp{machine=m7} 2026-03-01T00:00:00Z 90.0",
        "press.temp{machine=m8} 2026-03-01T00:00:01Z 91.0",
      ])
  }

  @Test("rows without a time follow one another at an interval")
  func interval() throws {
    let start = Timestamp(seconds: 1_772_352_000)
    let found = try read(
      "AT,AP\n1,2\n\n3,4\n",
      CSVSettings(measurement: "t", times: .every(.seconds(3_600), from: start)))
    #expect(found.samples.count == 4)
    #expect(found.samples[3] == "t.AP 2026-03-01T09:00:00Z 4.0")
  }

  @Test("a list of readings is read with its names and qualities, as the query prints it")
  func list() throws {
    let found = try read(
      #"""
      signal,time,value,quality
      "machine.temp{id=m7,line=2}",2026-03-01T08:00:00Z,90,good
      machine.state,2026-03-01T08:00:00Z,"stopped, ""hot""",uncertain
      machine.temp,2026-03-01T08:00:01Z,,bad

      """#)
    #expect(
      found.samples == [
        "machine.temp{id=m7,line=2} 2026-03-01T08:00:00Z 90.0",
        "machine.state 2026-03-01T08:00:00Z 0.0 uncertain",
        "machine.temp 2026-03-01T08:00:01Z nan bad",
      ])
    #expect(found.table.texts(of: SignalID(index: 1)) == ["stopped, \"hot\""])
  }

  @Test("a column that begins with text records words, numbers in it too")
  func words() throws {
    let found = try read("time,state\n2026-03-01,run\n2026-03-02,7\n2026-03-03,run\n")
    #expect(found.samples.map { $0.split(separator: " ").last } == ["0.0", "1.0", "0.0"])
    #expect(found.table.texts(of: SignalID(index: 0)) == ["run", "7"])
  }

  @Test(
    "a fault costs its row or its cell, and is told with its line",
    arguments: [
      ("2026-03-01,1,2", "3 cells where the heading has 2"),
      ("2026-03-01", "1 cells where the heading has 2"),
      ("yesterday,1", "'yesterday' is no time"),
      ("1899-12-30,1", "'1899-12-30' is no time"),
      (",1", "no time"),
      ("\"2026-03-01,1", "a quote is not closed"),
      ("2026-03-01,oops", "'oops' is no number, as m.x has had"),
    ])
  func faults(_ row: String, _ reason: String) throws {
    let found = try read("time,x\n2026-02-28,0\n\(row)\n2026-03-02,3\n")
    #expect(found.faults.count == 1)
    #expect(found.faults.first?.hasPrefix("line 3: ") == true)
    #expect(found.faults.first?.contains(reason) == true)
    #expect(found.samples.first == "m.x 2026-02-28T00:00:00Z 0.0")
    #expect(found.samples.last == "m.x 2026-03-02T00:00:00Z 3.0")
  }

  @Test(
    "a heading that cannot be used is said to be so",
    arguments: [
      ("a,b\n1,2\n", CSVHeadingError.noTime(columns: ["a", "b"])),
      ("time,a,a\n", .repeated("a")),
      ("time,quality\n", .noReadings(columns: ["time", "quality"])),
      ("time,\"a\n", .unendedQuote),
      ("time\n2026-03-01\n", .noReadings(columns: ["time"])),
    ])
  func headings(_ text: String, _ error: CSVHeadingError) {
    #expect(throws: error) { try read(text) }
  }

  @Test("lines, names and texts have bounds")
  func bounds() throws {
    var limits = LineProtocolReader.Limits()
    limits.lineBytes = 40
    limits.texts = 2
    limits.signals = 2
    let long = String(repeating: "9", count: 50)
    let found = try read(
      "time,x,s\n2026-03-01,\(long),a\n2026-03-02,1,a\n2026-03-02,1,b\n2026-03-02,1,c\n",
      chunk: 11, limits: limits)
    #expect(
      found.faults.map { $0.prefix(24) }
        == ["line 2: longer than 40 b", "line 5: m.s has more tha"])
    #expect(throws: Never.self) { try read("time,x,y,z\n2026-03-01,1,2,3\n", limits: limits) }
  }

  @Test("real recordings are read whole")
  func recordings() throws {
    let shared = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../../shared/data/skab/valve1/0.csv").standardized
    guard let bytes = FileManager.default.contents(atPath: shared.path) else {
      print("skipped: \(shared.path) is not there")
      return
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let found = try read(text, CSVSettings(measurement: "skab"))
    #expect(found.faults.isEmpty)
    #expect(found.table.count == 10)
    #expect(found.samples.count == 10 * (text.split(whereSeparator: \.isNewline).count - 1))
    #expect(found.samples[0] == "skab.Accelerometer1RMS 2020-03-09T10:14:33Z 0.0265878")
  }
}
