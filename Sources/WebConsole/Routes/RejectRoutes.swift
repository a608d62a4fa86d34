import FactoryModel
import Hummingbird
import Imaging
import Inspection
import Pipeline
import Reports

/// Pictures of the last rejected parts.
enum RejectRoutes {
  static func add(to router: Router<ConsoleContext>, monitor: LineMonitor) {
    router.get("api/v1/rejects") { _, _ in
      try Reply.json(await monitor.lastRejects.map(RejectAnswer.init))
    }
    router.get("api/v1/rejects/:id/picture.png") { _, context in
      let part = try await find(context, monitor)
      guard let plane = part.inspected.plane else { throw gone }
      return png(Overlay.picture(plane, part.inspected.pictured))
    }
    router.get("api/v1/rejects/:id/heat.png") { _, context in
      let part = try await find(context, monitor)
      guard let plane = part.inspected.plane, let map = part.inspected.picturedMap else {
        throw gone
      }
      let grid = HeatMap.Grid(
        width: map.width, height: map.height, cellWidth: map.cellWidth,
        cellHeight: map.cellHeight, values: part.heatScale.heat(of: map))
      return png(HeatMap.picture(plane, grid))
    }
  }

  private static let gone = RequestFault(
    status: .notFound, message: "only the last rejects are kept with their pictures")

  private static func find(
    _ context: ConsoleContext, _ monitor: LineMonitor
  ) async throws -> CameraPart {
    let id = context.parameters.get("id") ?? ""
    guard let part = await monitor.lastRejects.first(where: { $0.id == id }) else { throw gone }
    return part
  }

  private static func png(_ picture: ColourPicture) -> Response {
    Reply.bytes(PNGEncoder.encode(picture), type: "image/png")
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

  init(_ part: CameraPart) {
    let verdict = part.inspected.verdict
    id = part.id
    camera = part.camera
    image = verdict.image
    time = part.time.description
    score = verdict.score
    threshold = verdict.threshold
    classes = verdict.defects.map(\.kind)
  }
}

extension CameraPart {
  /// Names it in paths of the API.
  var id: String { "\(time.nanoseconds)" }
}
