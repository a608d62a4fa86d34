import FactoryModel
import Foundation
import Imaging
import TestSupport
import Testing

@testable import Inspection

@Suite("Gray reference in bands") struct GrayBandsTests {
  /// A part drawn for a seed, moved, turned and relit, with a scratch.
  private static func part(_ seed: UInt64, width: Int, height: Int) -> Plane {
    var random = SeededGenerator(seed: seed)
    var part = GrayPart(width: width, height: height)
    part.dx = Double(random.uniform(-6, 6))
    part.dy = Double(random.uniform(-6, 6))
    part.degrees = Double(random.uniform(-4, 4))
    part.gain = Double(random.uniform(0.85, 1.1))
    part.offset = Double(random.uniform(-8, 12))
    part.bar = .init(
      x: Double(random.uniform(-50, 50)), y: Double(random.uniform(-50, 50)), length: 40, width: 3,
      degrees: Double(random.uniform(-90, 90)), contrast: -60)
    return part.drawn(seed: seed)
  }

  private static func images(_ count: Int, width: Int, height: Int) -> [TeachingImage] {
    (0..<count).map { index in
      TeachingImage(name: "\(index)", part: "\(index)") {
        Frame(
          GrayPart(width: width, height: height, dx: Double(index % 3) * 0.4)
            .drawn(seed: UInt64(index)))
      }
    }
  }

  private static func teach(
    _ settings: GrayReferenceSettings, width: Int, height: Int, bounds: GrayBounds = GrayBounds(),
    regions: RegionMask? = nil
  ) throws -> GrayReferenceModel {
    try GrayReferenceTeaching.teach(
      TeachingSet(good: images(5, width: width, height: height), regions: regions),
      settings: settings, workers: OneWorker(), bounds: bounds, progress: { _ in })
  }

  /// Bounds by which every picture is read row by row, so many rows at a time.
  private static func streamed(rows: Int, width: Int) -> GrayBounds {
    var bounds = GrayBounds()
    bounds.whole = 0
    bounds.band = rows * width
    bounds.slab = 5 * rows * width
    return bounds
  }

  private static let settings: [GrayReferenceSettings] = [
    GrayReferenceSettings(), GrayReferenceSettings(localShift: 3),
    GrayReferenceSettings(shadingCell: 24),
    GrayReferenceSettings(spreadFactor: 3, spreadReach: 2, shadingCell: 16, localShift: 2),
    GrayReferenceSettings(
      evensLight: false, registration: .init(largestShift: 0, largestTurnDegrees: 0)),
  ]

  @Test("score, defects and map are those of the image held whole", arguments: propertySeeds)
  func sameAsWhole(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let (width, height) = (201 + Int(random.uniform(0, 60)), 177 + Int(random.uniform(0, 60)))
    let settings = Self.settings[Int(seed) % Self.settings.count]
    let rows = 1 + Int(random.uniform(0, 40))
    let regions: [Region] = [
      .include(.rectangle(x: 10, y: 15, width: 180, height: 150)),
      .exclude(.polygon([.init(x: 60, y: 60), .init(x: 90, y: 70), .init(x: 70, y: 110)])),
    ]
    let mask = try RegionMask(of: regions, width: width, height: height)
    let model = try Self.teach(
      settings, width: width, height: height, regions: seed % 2 == 0 ? nil : mask)
    var whole = GrayReferenceInspector(model)
    var banded = GrayReferenceInspector(model, bounds: Self.streamed(rows: rows, width: width))
    for picture in 0..<3 {
      let plane = Self.part(10 * seed + UInt64(picture), width: width, height: height)
      let isCut = picture == 2
      let expected = try whole.inspect(
        Frame(plane),
        InspectionRequest(minimumScore: 2, wantsMap: true, regions: isCut ? mask : nil))
      let found = try banded.inspect(
        PlaneRows(plane),
        within: isCut ? try RegionRows(of: regions, width: width, height: height) : nil,
        InspectionRequest(minimumScore: 2, wantsMap: true), OneWorker())
      let label: Comment = "seed \(seed), picture \(picture), \(width) × \(height) by \(rows)"
      #expect(found.score == expected.score, label)
      #expect(found.defects == expected.defects, label)
      #expect(found.map?.values == expected.map?.values, label)
      #expect(isCut || found.score > 20, label)
    }
  }

  @Test("a model taught in slabs, its planes in a file, has the same bytes", arguments: [0, 1, 3])
  func teachesInSlabs(_ choice: Int) throws {
    let (width, height) = (203, 181)
    let settings = Self.settings[choice]
    let whole = try Self.teach(settings, width: width, height: height)
    for rows in [3, 17] {
      let slabs = try Self.teach(
        settings, width: width, height: height, bounds: Self.streamed(rows: rows, width: width))
      let same = slabs.archive().encoded() == whole.archive().encoded()
      #expect(same, "\(rows) rows")
    }
  }

  @Test("a model whose planes stay in its file judges as one in memory, and a cut one says so")
  func readsFromFile() throws {
    let folder = TemporaryFolder()
    let (width, height) = (203, 181)
    let model = try Self.teach(GrayReferenceSettings(), width: width, height: height)
    let bytes = model.archive().encoded()
    let path = folder.file("model.gemba")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let file = try #require(ModelFile(path: path))
    let filed = try ModelArchive(reading: file, held: 1000)
    #expect(filed.filed("gray.mean")?.count == width * height)
    #expect(filed.encoded() == bytes)
    let bounds = Self.streamed(rows: 9, width: width)
    var inspector = GrayReferenceInspector(try GrayReferenceModel(archive: filed), bounds: bounds)
    var held = GrayReferenceInspector(model)
    let plane = Self.part(3, width: width, height: height)
    let request = InspectionRequest(minimumScore: 2)
    let found = try inspector.inspect(PlaneRows(plane), within: nil, request, OneWorker())
    let expected = try held.inspect(Frame(plane), request)
    #expect(found.score == expected.score && found.defects == expected.defects)
    // Cut in place while it is in use.
    try #require(FileHandle(forWritingAtPath: path)).truncate(atOffset: UInt64(bytes.count / 2))
    #expect(throws: ModelError.damaged(reason: "it ends too early")) {
      try inspector.inspect(PlaneRows(plane), within: nil, request, OneWorker())
    }
    for position in [20, bytes.count / 3, bytes.count - 1] {
      var bad = bytes
      bad[position] ^= 4
      try Data(bad).write(to: URL(fileURLWithPath: path))
      let file = try #require(ModelFile(path: path))
      #expect(throws: ModelError.damaged(reason: "the checksum does not match")) {
        try ModelArchive(reading: file, held: 1000)
      }
    }
  }

  @Test("a model of an older version is refused with the reason")
  func refusesOlder() throws {
    var archive = ModelArchive(method: "reference")
    archive.set("gray.size", [200, 180] as [Int32])
    archive.set("gray.mean", [Int32](repeating: 1, count: 200 * 180))
    #expect(throws: ModelError.older) { try GrayReferenceModel(archive: archive) }
  }

  @Test("the map of a large picture shows the largest ratio of each square")
  func coarseMap() throws {
    var model = try Self.teach(GrayReferenceSettings(), width: 200, height: 180)
    let plane = Self.part(2, width: 200, height: 180)
    let request = InspectionRequest(minimumScore: 2, wantsMap: true)
    model = try GrayReferenceModel(archive: model.archive())
    var fine = GrayReferenceInspector(model)
    var bounds = GrayBounds()
    bounds.map = 3000
    var coarse = GrayReferenceInspector(model, bounds: bounds)
    let small = try #require(try coarse.inspect(Frame(plane), request).map)
    let large = try #require(try fine.inspect(Frame(plane), request).map)
    #expect(small.cellWidth == 4 && small.width == 50 && small.height == 45)
    #expect(small.values.max() == large.values.max())
  }

  @Test("groups found row by row are those of the mask held whole", arguments: propertySeeds)
  func scansRows(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let (width, height) = (1 + Int(random.uniform(0, 50)), 1 + Int(random.uniform(0, 50)))
    let share = random.uniform(0.1, 0.7)
    let marks = (0..<width * height).map { _ in
      random.uniform(0, 1) < share ? UInt8(random.uniform(33, 255)) : 0
    }
    var scan = DefectScan(floor: 0)
    for y in 0..<height {
      let row = marks.span.extracting(y * width..<(y + 1) * width)
      scan.add(row: y, ratio: row, marks: row) { $0 - y }
    }
    scan.end()
    let blobs = Blobs(of: marks, width: width, height: height)
    var expected = blobs.blobs.map { [$0.x, $0.y, $0.width, $0.height, $0.area, 0, 0, 0] }
    for run in blobs.runs {
      for x in run.start..<run.end {
        expected[run.blob][5] += Int(marks[run.y * width + x])
        expected[run.blob][6] += x - run.y
        expected[run.blob][7] += x * run.y
      }
    }
    let found = scan.found.map { group in
      let left = group.ends.map(\.left).min() ?? 0
      let right = group.ends.map(\.right).max() ?? 0
      return [
        left, group.top, right - left + 1, group.ends.count, group.area, group.ratios,
        group.contrast, group.moments.xy,
      ]
    }
    func sorted(_ groups: [[Int]]) -> [[Int]] {
      groups.sorted { $0.lexicographicallyPrecedes($1) }
    }
    #expect(sorted(found) == sorted(expected), "seed \(seed), \(width) × \(height)")
    #expect(scan.largest == (found.map { Double($0[5]) / 32 }.max() ?? 0))
  }
}
