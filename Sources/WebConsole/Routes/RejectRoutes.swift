import FactoryModel
import Hummingbird
import Pipeline
import Plant
import Reports
import Storage

/// Rejected parts with their pictures.
enum RejectRoutes {
  static func add(
    to router: Router<ConsoleContext>, monitor: LineMonitor, cameras: [String: String]
  ) {
    let desk = DrawingDesk()
    router.get("api/v1/rejects") { request, _ in
      let count = try request.integer("newest", in: 1...500) ?? 12
      let last = try request.uri.queryParameters["after"].map { try id(String($0)) }
      return try Reply.json(await RejectAnswer.last(count, after: last, monitor))
    }
    router.get("api/v1/rejects/:id/small.png") { _, context in
      let reject = try await find(context, monitor)
      return try png(await monitor.plantRecord.picture(of: reject)?.png)
    }
    router.get("api/v1/rejects/:id/picture.png") { _, context in
      let reject = try await find(context, monitor)
      let pictures = RejectPictures(folders: cameras, record: await monitor.plantRecord)
      return try png(await desk.draw(reject, from: pictures))
    }
    router.get("api/v1/rejects/:id/heat.png") { _, context in
      let reject = try await find(context, monitor)
      return try png(await monitor.plantRecord.picture(of: reject)?.heat)
    }
  }

  private static func find(
    _ context: ConsoleContext, _ monitor: LineMonitor
  ) async throws -> CameraVerdict {
    let id = try id(context.parameters.get("id") ?? "")
    guard let found = try await monitor.plantRecord.picturedReject(id) else { throw gone }
    return found.entry
  }

  private static func id(_ text: String) throws -> PicturedVerdict.ID {
    guard let id = PicturedVerdict.ID(text) else {
      throw RequestFault(
        status: .notFound, message: "\(text): no id of a reject; /api/v1/rejects lists them")
    }
    return id
  }

  private static let gone = RequestFault(
    status: .notFound, message: "no such picture of that reject is kept (retention: pictures)")

  /// A picture never changes, so a browser need not ask twice.
  private static func png(_ bytes: [UInt8]?) throws -> Response {
    guard let bytes else { throw gone }
    var response = Reply.bytes(bytes, type: "image/png")
    response.headers[.cacheControl] = "private, max-age=86400, immutable"
    return response
  }
}

/// Draws whole pictures one after the other: a large image takes much memory for a while, however
/// many ask at once.
private actor DrawingDesk {
  func draw(_ reject: CameraVerdict, from pictures: RejectPictures) -> [UInt8]? {
    pictures.whole(of: reject)
  }
}

/// A defect where it lies in the camera's image, in pixels.
struct DefectAnswer: Encodable {
  var `class`: String
  var score: Double
  var x: Int
  var y: Int
  var width: Int
  var height: Int

  init(_ defect: Defect) {
    `class` = defect.kind
    score = defect.score
    x = defect.x
    y = defect.y
    width = defect.width
    height = defect.height
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
  /// The first dozen, the worst first.
  var defects: [DefectAnswer]
  /// Whether its heat map can be asked for.
  var hasHeat: Bool
  /// What the machines of the camera's station measured meanwhile: names for the history.
  var signals: [String]

  /// The last rejected parts whose pictures the record keeps, the newest first.
  static func last(
    _ count: Int, after id: PicturedVerdict.ID? = nil, _ monitor: LineMonitor
  ) async throws -> [RejectAnswer] {
    let rejects = try await monitor.plantRecord.picturedRejects(after: id, limit: count)
    var signals: [String: [String]] = [:]
    for camera in Set(rejects.map(\.entry.camera)) {
      signals[camera] = await monitor.signals(atCamera: camera).map(\.description)
    }
    return rejects.map { Self($0, signals[$0.entry.camera] ?? []) }
  }

  private init(_ reject: PicturedVerdict, _ signals: [String]) {
    let entry = reject.entry
    let verdict = entry.verdict
    id = reject.id.description
    camera = entry.camera
    image = verdict.image
    time = entry.time.description
    score = verdict.score
    threshold = verdict.threshold
    defects = verdict.defects.prefix(12).map(DefectAnswer.init)
    hasHeat = reject.hasHeat
    self.signals = signals
  }
}
