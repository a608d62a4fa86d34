import FactoryModel
import Foundation
import Imaging
import Inspection
import Plant
import Reports

/// Inspects what a camera writes into its folder, one image after the other.
struct CameraWatch: Sendable {
  private let camera: Camera
  private let folder: String
  private let recipe: LoadedRecipe
  /// What verdicts drive, nil when nothing.
  private let reject: RejectOutput?

  /// Loads the camera's recipe.
  /// - Parameter isDryRun: nothing is written to the plant.
  /// - Throws: what `LoadedRecipe` throws when it cannot be used.
  init(_ camera: Camera, of file: SiteFile, isDryRun: Bool) throws {
    self.camera = camera
    reject = isDryRun ? nil : file.site.rejects[camera.name]
    folder = file.resolved(camera.folder)
    recipe = try LoadedRecipe(folder: file.resolved(camera.recipe))
  }

  /// Rejects that wait for their pictures at most, as each holds its pixels; more come in a storm of
  /// rejects, and then the oldest go without.
  private static let mostUndrawn = 32

  /// Hands every verdict to `monitor`, until cancelled; then finishes the image in hand.
  func run(_ monitor: LineMonitor) async {
    let since = await monitor.lastVerdict(of: camera.name)
    let (parts, sink) = AsyncStream.makeStream(of: CameraPart.self)
    // Beside the verdicts, so that none waits for the pictures of another.
    let (rejected, undrawn) = AsyncStream.makeStream(
      of: CameraPart.self, bufferingPolicy: .bufferingNewest(Self.mostUndrawn))
    let drawing = Task {
      for await part in rejected {
        if let picture = part.picture { try? await monitor.keep(picture) }
      }
    }
    // When a commit fails the verdict waits in the monitor for the next one.
    let taking = Task {
      for await part in parts {
        try? await monitor.take(part)
        if part.inspected.verdict.outcome == .reject { undrawn.yield(part) }
      }
      undrawn.finish()
    }
    let stop = StopRequest()
    await withTaskCancellationHandler {
      await withCheckedContinuation { ended in
        let thread = Thread {
          watch(since: since, until: stop, sink)
          ended.resume()
        }
        thread.name = "camera \(camera.name)"
        thread.start()
      }
    } onCancel: {
      stop.request()
    }
    await taking.value
    await drawing.value
  }

  private func watch(
    since: Timestamp?, until stop: StopRequest, _ sink: AsyncStream<CameraPart>.Continuation
  ) {
    var settings = BatchSettings(jobs: 1)
    settings.wantsMaps = true
    // A camera waits for its verdict: all cores share the work on each frame.
    let cores = AllCores(count: ProcessInfo.processInfo.activeProcessorCount)
    var inspector = PartInspector(recipe, settings, frameWorkers: cores)
    let heatScale = HeatScale(of: recipe)
    var folders = FolderWatch(paths: [folder])
    let line = reject.map { RejectLine($0, camera: camera.name) }
    defer { line?.close() }
    folders.run(until: stop) { images in
      for image in images {
        guard !stop.isRequested else { return }
        let time = Timestamp(fileChangedAt: image) ?? .now
        // Verdicts up to the last one on record were given before the monitor started again.
        if let since, time <= since { continue }
        var part = inspector.inspect(BatchItem(image: image))
        let answer = line?.answer(part.verdict.outcome, frame: time)
        // The record names it by its place below the camera's folder, wherever that is seen from.
        part.verdict.image = String(image.dropFirst(folder.count + 1))
        sink.yield(
          CameraPart(
            camera: camera.name, time: time, inspected: part, heatScale: heatScale,
            answer: answer))
      }
    }
    sink.finish()
  }
}

/// A part that a camera saw, with its verdict.
struct CameraPart: Sendable {
  var camera: String
  /// When the image was written.
  var time: Timestamp
  var inspected: InspectedPart
  var heatScale: HeatScale
  /// What became of the output that it drives, nil without one.
  var answer: RejectLine.Answer?
}
