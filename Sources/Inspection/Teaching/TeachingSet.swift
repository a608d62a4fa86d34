import Imaging

/// One image to teach from, read when needed so that a large set need not fit in memory.
public struct TeachingImage: Sendable {
  /// The path as given.
  public var name: String
  /// The part it shows; images of one part stay on one side of every split.
  public var part: String
  /// The class of the defect as the folder names it, nil for a good part.
  public var kind: String?
  /// Reads the frame (with its reference for `--pairs`).
  public var read: @Sendable () throws -> Frame
  /// Reads the same image row by row, which takes little memory where it is large.
  public var rows: @Sendable () throws -> any RowSource
  /// Reads the mask of defect pixels (> 127 is defect), nil when there is none.
  public var readMask: (@Sendable () throws -> Plane)?
  /// Labelled boxes, for box-labelled sets.
  public var boxes: [LabelledBox]

  /// One image to teach from.
  public init(
    name: String, part: String, kind: String? = nil, boxes: [LabelledBox] = [],
    readMask: (@Sendable () throws -> Plane)? = nil, read: @escaping @Sendable () throws -> Frame
  ) {
    self.name = name
    self.part = part
    self.kind = kind
    self.boxes = boxes
    self.readMask = readMask
    self.read = read
    rows = { PlaneRows(try read().plane) }
  }
}

/// A box drawn by a person: corners in pixels, `x1 < x2`, `y1 < y2`, and the class.
public struct LabelledBox: Hashable, Sendable {
  public var x1: Int
  public var y1: Int
  public var x2: Int
  public var y2: Int
  public var kind: String

  /// A labelled box.
  public init(x1: Int, y1: Int, x2: Int, y2: Int, kind: String) {
    self.x1 = x1
    self.y1 = y1
    self.x2 = x2
    self.y2 = y2
    self.kind = kind
  }
}

/// Everything a method teaches itself from.
public struct TeachingSet: Sendable {
  /// Good parts.
  public var good: [TeachingImage]
  /// Labelled defective parts; may be empty.
  public var defects: [TeachingImage]
  /// Same seed, same images: same bytes of the model.
  public var seed: UInt64
  /// Whether every image comes with its own reference (`--pairs`).
  public var comesInPairs: Bool
  /// Where pixels count.
  public var regions: RegionMask?
  /// Whether the user wants teaching to end early; asked by methods that can keep what they have.
  public var isStopped: @Sendable () -> Bool = { false }
  /// The model that teaching starts from instead of from nothing, for methods that can.
  public var earlier: (any TaughtModel)?
  /// What `save` was given last by a teaching that was interrupted; it goes on from there.
  public var saved: ModelArchive?
  /// Takes what a long teaching would need to go on, now and then; the archive is made when asked for.
  public var save: @Sendable (_ archive: @escaping @Sendable () -> ModelArchive) throws -> Void = {
    _ in
  }

  /// A teaching set.
  public init(
    good: [TeachingImage], defects: [TeachingImage] = [], seed: UInt64 = 0,
    comesInPairs: Bool = false, regions: RegionMask? = nil
  ) {
    self.comesInPairs = comesInPairs
    self.good = good
    self.defects = defects
    self.seed = seed
    self.regions = regions
  }
}

/// How far teaching has come, for a progress line.
public struct TeachingProgress: Sendable {
  /// What is being done, in the user's words: `painting synthetic defects`.
  public var stage: String
  /// Done and to do, in units of the stage.
  public var done: Int
  public var total: Int
  /// What else there is to say, perhaps nothing.
  public var note: String

  /// A point of progress.
  public init(stage: String, done: Int, total: Int, note: String = "") {
    self.stage = stage
    self.done = done
    self.total = total
    self.note = note
  }
}
