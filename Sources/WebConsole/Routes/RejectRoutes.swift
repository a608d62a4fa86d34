import FactoryModel
import Hummingbird
import Imaging
import Inspection
import Pipeline
import Plant
import Reports

/// Pictures of the last rejected parts.
enum RejectRoutes {
  static func add(to router: Router<ConsoleContext>, monitor: LineMonitor) {
    router.get("api/v1/rejects") { _, _ in
      try Reply.json(await RejectAnswer.last(12, monitor))
    }
    router.get("api/v1/rejects/:id/picture.png") { _, context in
      if let part = await find(context, monitor), let plane = part.inspected.plane {
        return png(PNGEncoder.encode(Overlay.picture(plane, part.inspected.pictured)))
      }
      guard let time = Int64(context.parameters.get("id") ?? ""),
        let picture = try await monitor.plantRecord.picture(at: Timestamp(nanoseconds: time))
      else { throw gone }
      return png(picture)
    }
    router.get("api/v1/rejects/:id/heat.png") { _, context in
      guard let part = await find(context, monitor), let plane = part.inspected.plane,
        let map = part.inspected.picturedMap
      else { throw gone }
      let grid = HeatMap.Grid(
        width: map.width, height: map.height, cellWidth: map.cellWidth,
        cellHeight: map.cellHeight, values: part.heatScale.heat(of: map))
      return png(PNGEncoder.encode(HeatMap.picture(plane, grid)))
    }
  }

  private static let gone = RequestFault(
    status: .notFound,
    message: "no picture of that reject is kept (retention: pictures); heat maps only of the last")

  /// One of the last rejects, which are kept with their pixels.
  private static func find(_ context: ConsoleContext, _ monitor: LineMonitor) async -> CameraPart? {
    let id = context.parameters.get("id") ?? ""
    return await monitor.lastRejects.first { $0.entry.id == id }
  }

  /// A picture never changes, so a browser need not ask twice.
  private static func png(_ bytes: [UInt8]) -> Response {
    var response = Reply.bytes(bytes, type: "image/png")
    response.headers[.cacheControl] = "private, max-age=86400, immutable"
    return response
  }
}

/// A rejected part.
struct RejectAnswer: Encodable {
  var id: String
  var camera: String
  var image: String
  var time: String
  @ExplicitNull var score: Double?
  var threshold: Double
  /// Classes of its defects, the worst first.
  var classes: [String]
  /// Whether its heat map can be asked for.
  var hasHeat: Bool
  /// What the machines of the camera's station measured meanwhile: names for the history.
  var signals: [String]

  /// The last rejected parts, the newest first: since the start with their pixels, before that those
  /// whose pictures the record keeps.
  static func last(_ count: Int, _ monitor: LineMonitor) async -> [RejectAnswer] {
    let parts = await monitor.lastRejects.prefix(count)
    let known = Set(parts.map(\.entry.id))
    let record = await monitor.plantRecord
    let kept = ((try? record.picturedRejects(limit: count)) ?? []).filter { !known.contains($0.id) }
    var answers: [RejectAnswer] = []
    for part in parts {
      let hasHeat = part.inspected.picturedMap != nil && part.inspected.plane != nil
      answers.append(
        Self(part.entry, hasHeat: hasHeat, await monitor.signals(atCamera: part.camera)))
    }
    for entry in kept.prefix(count - answers.count) {
      answers.append(Self(entry, hasHeat: false, await monitor.signals(atCamera: entry.camera)))
    }
    return answers
  }

  private init(_ entry: CameraVerdict, hasHeat: Bool, _ signals: [SignalName]) {
    let verdict = entry.verdict
    id = entry.id
    camera = entry.camera
    image = verdict.image
    time = entry.time.description
    score = verdict.score
    threshold = verdict.threshold
    classes = verdict.defects.map(\.kind)
    self.hasHeat = hasHeat
    self.signals = signals.map(\.description)
  }
}

extension CameraPart {
  /// Its line of the record.
  var entry: CameraVerdict {
    CameraVerdict(time: time, camera: camera, verdict: inspected.verdict)
  }
}

extension CameraVerdict {
  /// Names it in paths of the API.
  var id: String { "\(time.nanoseconds)" }
}
