import FactoryModel
import Imaging
import Inspection

/// How a batch is inspected.
public struct BatchSettings: Sendable {
  /// Workers side by side, ≥ 1.
  public var jobs: Int
  /// Defects with this score or more are listed; nil: the recipe's threshold.
  public var minimumScore: Double?
  /// Whether pictures of the score map are wanted.
  public var wantsMaps = false
  /// Images beyond these limits are refused before memory is taken.
  public var limits: PNGLimits
  /// Images with more pixels are read and inspected row by row where the method can, one at a time;
  /// nil: as the method has it.
  public var largePixels: Int?

  /// `jobs` workers, everything else at its default.
  public init(jobs: Int, limits: PNGLimits = PNGLimits()) {
    self.jobs = jobs
    self.limits = limits
  }
}

/// A list of images through one recipe, on several workers, verdicts in the order of the list.
public struct BatchInspection: Sendable {
  private let loaded: LoadedRecipe
  private let settings: BatchSettings

  /// A batch with a loaded recipe.
  public init(_ loaded: LoadedRecipe, settings: BatchSettings) {
    self.loaded = loaded
    self.settings = settings
  }

  /// Inspects `items` until done or `stop` is requested.
  ///
  /// `pictures` is called on the worker with each inspected part, in any order and side by side, so
  /// that pixels are let go before the next image; `each` is called with every verdict in the order
  /// of `items`, one at a time. Images in `known` (by their name) are not inspected again: their
  /// verdict takes their place. Memory is bounded by the workers, not by the number of images.
  public func run(
    _ items: [BatchItem], known: [String: Verdict] = [:], stop: StopRequest = StopRequest(),
    pictures: (@Sendable (InspectedPart) throws -> Void)? = nil,
    each: @escaping @Sendable (Int, Verdict) -> Void
  ) throws {
    let delivery = OrderedDelivery(each)
    let jobs = max(1, min(settings.jobs, items.count))
    // Fewer images than workers: those left over help with each frame.
    let share = max(1, settings.jobs / jobs)
    let frameWorkers: any Workers = share > 1 ? AllCores(count: share) : OneWorker()
    let queue = WorkQueue(count: items.count)
    let turn = LargeImageTurn()
    _ = try AllCores(count: jobs).map(jobs) { _ in
      var worker = PartInspector(loaded, settings, turn, frameWorkers: frameWorkers)
      while !stop.isRequested, let index = queue.take() {
        if let verdict = known[items[index].image] {
          delivery.ready(index, verdict)
          continue
        }
        var part = worker.inspect(items[index])
        do {
          try pictures?(part)
        } catch {
          part.verdict.outcome = .error
          part.verdict.score = nil
          part.verdict.error = "\(error)"
        }
        delivery.ready(index, part.verdict)
      }
    }
  }
}
