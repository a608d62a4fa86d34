import FactoryModel
import GRDB
import TestSupport
import Testing

@testable import Storage

@Suite("Verdicts in the record")
struct InspectionRecordTests {
  private let folder = TemporaryFolder()

  private func verdict(
    _ second: Int64, _ outcome: Outcome, camera: String = "top", part: String? = nil
  ) -> CameraVerdict {
    let defects =
      outcome == .reject
      ? [
        Defect(
          kind: "crack", score: 7.25, x: 3, y: 4, width: 5, height: 6, area: 20, length: 7.5,
          contrast: -12),
        Defect(score: 2, x: 0, y: 0, width: 1, height: 1, area: 1),
      ] : []
    return CameraVerdict(
      time: Timestamp(seconds: second), camera: camera, part: part,
      verdict: Verdict(
        image: "\(second).png", outcome: outcome, score: outcome == .error ? nil : 7.25,
        threshold: 1.5, defects: defects, milliseconds: 2.5,
        error: outcome == .error ? "file is empty" : nil))
  }

  @Test("verdicts come back as they were written, by time and camera")
  func reading() throws {
    let file = try RecordFile(path: folder.file("r.sqlite"), for: .write)
    let record = InspectionRecord(file)
    let lines = [
      verdict(1, .pass), verdict(2, .reject, part: "A-17"), verdict(3, .error, camera: "side"),
      verdict(4, .unsure),
    ]
    try record.append(lines.reversed())
    try record.append([lines[1]])
    #expect(try record.verdicts() == lines)
    #expect(try record.verdicts(camera: "side") == [lines[2]])
    #expect(
      try record.verdicts(in: Timestamp(seconds: 2)..<Timestamp(seconds: 4), limit: 1)
        == [lines[1]])
    #expect(try record.counts(camera: "top") == [.pass: 1, .reject: 1, .unsure: 1])
    #expect(try record.images(of: "top") == ["1.png", "2.png", "4.png"])
  }

  @Test("a verdict, its signal's sample and its alarm are committed together")
  func together() throws {
    let path = folder.file("r.sqlite")
    let file = try RecordFile(path: path, for: .write)
    var table = SignalTable()
    var batch = SampleBatch()
    batch.append(
      table.id(of: SignalName(path: "inspection.reject", tags: [.init("camera", "top")])),
      time: 2_000_000_000, value: 1, quality: .good)
    var writer = try SampleWriter(file)
    writer.append(batch)
    let wrong = AlarmTransition(
      serial: 9, time: Timestamp(seconds: 2), alarm: "reject", signal: "s", from: .normal,
      to: .unacknowledged)
    var entries = RecordEntries(transitions: [wrong], verdicts: [verdict(2, .reject)])
    #expect(throws: StorageError.self) { try writer.commit(table, with: entries) }
    #expect(try InspectionRecord(file).verdicts().isEmpty)
    entries.transitions[0].serial = 1
    try writer.commit(table, with: entries)
    #expect(try InspectionRecord(file).verdicts() == [verdict(2, .reject)])
    #expect(try AlarmJournal(file).lastSerial() == 1)
  }

  @Test("a verdict that was damaged is said to be")
  func damage() throws {
    let path = folder.file("r.sqlite")
    let file = try RecordFile(path: path, for: .write)
    try InspectionRecord(file).append([verdict(1, .reject)])
    try file.write { db in try db.execute(sql: "UPDATE verdict SET defects = '[{]'") }
    #expect(throws: StorageError.corrupt(path: path)) { try InspectionRecord(file).verdicts() }
  }

  @Test("a picture of a version that kept no heat maps stays, without one")
  func earlierPicture() throws {
    let path = folder.file("v7.sqlite")
    let old = try RecordFile(path: path, for: .write, upTo: 7)
    try InspectionRecord(old).append([verdict(1, .reject)])
    try old.write { db in
      try db.execute(
        sql: """
          INSERT INTO picture (time, camera, image, png)
          SELECT time, camera, image, x'07' FROM verdict
          """)
    }
    try old.close()
    let record = InspectionRecord(try RecordFile(path: path, for: .write))
    let found = try #require(try record.pictured(limit: 2).first)
    #expect(!found.hasHeat && found.entry == verdict(1, .reject))
    let picture = try #require(try record.picture(of: found.entry))
    #expect(picture.png == [7] && picture.heat == nil)
  }

  @Test("two cameras that write in the same moment have pictures of their own")
  func sameMoment() throws {
    let file = try RecordFile(path: folder.file("both.sqlite"), for: .write)
    var writer = try SampleWriter(file)
    let verdicts = ["left", "right"].map { camera in
      CameraVerdict(
        time: Timestamp(seconds: 7), camera: camera,
        verdict: Verdict(image: "1.png", outcome: .reject, score: 2, threshold: 1, defects: []))
    }
    let pictures = verdicts.map {
      VerdictPicture(
        time: $0.time, camera: $0.camera, image: "1.png", png: Array($0.camera.utf8))
    }
    try writer.commit(SignalTable(), with: RecordEntries(verdicts: verdicts, pictures: pictures))
    let record = InspectionRecord(file)
    for found in try record.pictured(limit: 2) {
      let same = try #require(try record.pictured(found.id))
      #expect(same == found)
      #expect(try record.picture(of: same.entry)?.png == Array(found.entry.camera.utf8))
    }
  }

  @Test("kept pictures are found by their verdict, and go by age and number")
  func pictures() throws {
    let folder = TemporaryFolder()
    let file = try RecordFile(path: folder.file("gemba.sqlite"), for: .write)
    var writer = try SampleWriter(file)
    let verdicts = (0..<6).map { place in
      CameraVerdict(
        time: Timestamp(seconds: Int64(place)), camera: "c",
        verdict: Verdict(
          image: "\(place).png", outcome: .reject, score: 2, threshold: 1, defects: []))
    }
    let pictures = verdicts.map {
      VerdictPicture(
        time: $0.time, camera: $0.camera, image: $0.verdict.image,
        png: Array($0.verdict.image.utf8), heat: $0.time.nanoseconds == 0 ? nil : [1])
    }
    try writer.commit(
      SignalTable(), with: RecordEntries(verdicts: verdicts, pictures: pictures + pictures))
    let record = InspectionRecord(file)
    #expect(try record.picture(of: verdicts[3]) == pictures[3])
    let last = try record.pictured(limit: 2)
    #expect(last.map(\.entry) == [verdicts[5], verdicts[4]])
    let rest = try record.pictured(after: last[1].id, limit: 9)
    #expect(rest.map(\.entry) == verdicts[..<4].reversed())
    #expect(rest.map(\.hasHeat) == [true, true, true, false])
    #expect(try record.pictured(rest[0].id)?.entry == verdicts[3])
    #expect(PicturedVerdict.ID("\(rest[0].id)") == rest[0].id)
    #expect(PicturedVerdict.ID("\(rest[0].id)-") == nil && PicturedVerdict.ID("1") == nil)
    try record.forgetPictures(before: Timestamp(seconds: 1), most: 3)
    #expect(try record.pictured(limit: 9).map(\.entry) == verdicts[3...].reversed())
    #expect(try record.picture(of: verdicts[0]) == nil && record.pictured(rest[3].id) == nil)
    #expect(try record.verdicts().count == 6)
  }
}
