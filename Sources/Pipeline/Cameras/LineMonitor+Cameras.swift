import FactoryModel
import Plant
import Storage

extension LineMonitor {
  /// Verdicts of a camera that its reject rate is reckoned over.
  static let rateVerdicts = 100

  /// Takes a verdict: it becomes signals, which rules watch and the record keeps.
  func take(_ part: CameraPart) async throws {
    let verdict = part.inspected.verdict
    let isInspected = verdict.outcome != .error
    let time = partMoments[part.camera, default: PartMoments()].moment(
      of: verdict.image, at: part.time)
    func add(_ field: String, _ value: Double?) {
      let name = SignalName(
        measurement: "inspection", field: field, tags: [.init("camera", part.camera)])
      batch.append(
        table.id(of: name),
        Sample(time: time, value: value ?? .nan, quality: value == nil ? .bad : .good))
    }
    let isReject = verdict.outcome == .reject
    add("score", verdict.score)
    add("reject", isInspected ? (isReject ? 1 : 0) : nil)
    add("unsure", isInspected ? (verdict.outcome == .unsure ? 1 : 0) : nil)
    add("milliseconds", verdict.milliseconds)
    if let answer = part.answer {
      add(RejectOutput.lateField, answer.isLate ? 1 : 0)
      if let delay = answer.delay { add("outputMilliseconds", delay / .milliseconds(1)) }
    }
    if isInspected {
      var last = verdicts[part.camera, default: []]
      last.append(isReject)
      last.removeFirst(max(0, last.count - Self.rateVerdicts))
      verdicts[part.camera] = last
      add("rejectRate", Double(last.count { $0 }) / Double(last.count))
    }
    unwrittenEntries.verdicts.append(
      CameraVerdict(time: part.time, camera: part.camera, verdict: verdict))
    takeBatch()
    try await commit()
  }

  /// Keeps the picture of a part whose verdict was taken.
  func keep(_ picture: VerdictPicture) async throws {
    unwrittenEntries.pictures.append(picture)
    try await commit()
  }

  /// When the newest image on record of a camera was written, nil before the first.
  func lastVerdict(of camera: String) -> Timestamp? {
    let name = SignalName(
      measurement: "inspection", field: "milliseconds", tags: [.init("camera", camera)])
    return table.find(name).flatMap { board.newest(of: $0)?.time }
  }

  /// Signals of the machines at a camera's station, by the order of the site file, at most four.
  public func signals(atCamera camera: String) -> [SignalName] {
    guard let station = site.plant.cameras.first(where: { $0.name == camera })?.station else {
      return []
    }
    let patterns = site.plant.machines.filter { $0.station == station }.flatMap(\.signals)
    return Array(patterns.flatMap { pattern in table.all.filter(pattern.matches) }.prefix(4))
  }
}
