import Foundation
import Inspection
import Synchronization

/// A long training kept on the disk while it runs, `RECIPE.training`, so that an interrupted one goes on.
public final class TrainingFile: Sendable {
  private let path: String
  /// What an earlier training left, nil to start anew.
  let earlier: ModelArchive?
  private let kept = Mutex<Kept>(Kept())

  private struct Kept {
    var archive: (@Sendable () -> ModelArchive)?
    var written: ContinuousClock.Instant?
  }

  /// The file beside the recipe folder `out`; `resumes`: with what it holds. Throws
  /// `TrainingFileError` when there is nothing to go on from, or `ModelError`.
  public init(beside out: String, resumes: Bool) throws {
    path = (out.hasSuffix("/") ? String(out.dropLast()) : out) + ".training"
    guard resumes else {
      earlier = nil
      return
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw TrainingFileError.nothingLeft(path: path)
    }
    earlier = try ModelArchive(decoding: Array(bytes))
  }

  /// Takes the latest state; writes it at most every five seconds.
  func keep(_ archive: @escaping @Sendable () -> ModelArchive) throws {
    let now = ContinuousClock.now
    let isDue = kept.withLock { kept in
      kept.archive = archive
      let isDue = kept.written.map { now - $0 > .seconds(5) } ?? true
      if isDue { kept.written = now }
      return isDue
    }
    if isDue { try DurableFile.write(archive().encoded(), to: path) }
  }

  /// Ends: a training that was stopped early leaves its latest state, a finished one nothing.
  public func end(isFinished: Bool) throws {
    if isFinished {
      try? FileManager.default.removeItem(atPath: path)
    } else if let archive = kept.withLock({ $0.archive }) {
      try DurableFile.write(archive().encoded(), to: path)
    }
  }
}

/// Why no training can go on.
public enum TrainingFileError: Error, Hashable, CustomStringConvertible {
  case nothingLeft(path: String)

  public var description: String {
    switch self {
    case .nothingLeft(let path):
      "\(path): there is no interrupted training to go on with; teach without --resume"
    }
  }
}
