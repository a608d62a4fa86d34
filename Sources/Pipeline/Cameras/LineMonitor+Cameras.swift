import FactoryModel
import Plant
import Storage

extension LineMonitor {
  /// Rejected parts kept with their pixels for the screen.
  static let keptRejects = 12
  /// Verdicts of a camera that its reject rate is reckoned over.
  static let rateVerdicts = 100

  /// Takes a verdict: it becomes signals, which rules watch and the record keeps.
  /// - Parameter picture: PNG, to be kept with it.
  func take(_ part: CameraPart, picture: [UInt8]? = nil) async throws {
    let verdict = part.inspected.verdict
    let isInspected = verdict.outcome != .error
    func add(_ field: String, _ value: Double?) {
      let name = SignalName(
        measurement: "inspection", field: field, tags: [.init("camera", part.camera)])
      batch.append(
        table.id(of: name),
        Sample(time: part.time, value: value ?? .nan, quality: value == nil ? .bad : .good))
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
    if isReject {
      rejects.append(part)
      rejects.removeFirst(max(0, rejects.count - Self.keptRejects))
    }
    unwrittenEntries.verdicts.append(
      CameraVerdict(time: part.time, camera: part.camera, verdict: verdict))
    if let picture {
      unwrittenEntries.pictures.append(
        VerdictPicture(
          time: part.time, camera: part.camera, image: verdict.image, png: picture))
    }
    takeBatch()
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

  /// The last rejected parts, the newest first.
  public var lastRejects: [CameraPart] { rejects.reversed() }
}
