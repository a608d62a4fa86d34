import Foundation
import Imaging
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Faults of the file system, each with its own error, read whole and row by row.
@Suite("Files that cannot be read")
struct FileFaultTests {
  /// An empty folder that goes when the test does.
  private final class Folder {
    let path = NSTemporaryDirectory() + "gemba-imaging-\(UUID().uuidString)"
    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private static let png = PNGEncoder.encode(
    Plane(width: 64, height: 500, pixels: (0..<64 * 500).map { UInt8(truncatingIfNeeded: $0 * $0) })
  )

  private func expect(_ expected: PNGError, at path: String, limits: PNGLimits = PNGLimits()) {
    #expect(throws: expected) {
      var decoder = PNGDecoder(limits: limits)
      _ = try decoder.decode(path: path)
    }
    #expect(throws: expected) { _ = try PNGRows(path: path, limits: limits) }
  }

  @Test("no such file, a folder, an empty file, a pipe, a file beyond the limit")
  func kinds() throws {
    let folder = try Folder()
    expect(.notFound(path: folder.path + "/no.png"), at: folder.path + "/no.png")
    expect(.isFolder(path: folder.path), at: folder.path)
    let empty = folder.path + "/empty.png"
    try Data().write(to: URL(fileURLWithPath: empty))
    expect(.empty(path: empty), at: empty)
    let pipe = folder.path + "/pipe.png"
    let made = unsafe mkfifo(pipe, 0o600)
    #expect(made == 0)
    expect(.notAFile(path: pipe), at: pipe)
    let below = empty + "/x.png"
    expect(.notFound(path: below), at: below)
    let whole = folder.path + "/whole.png"
    try Data(Self.png).write(to: URL(fileURLWithPath: whole))
    expect(
      .tooManyBytes(path: whole, bytes: Self.png.count, maximum: 99), at: whole,
      limits: PNGLimits(maximumBytes: 99))
    expect(
      .tooLarge(path: whole, width: 64, height: 500, maximumPixels: 31_999), at: whole,
      limits: PNGLimits(maximumPixels: 31_999))
  }

  @Test("a file that may not be read", .enabled(if: geteuid() != 0, "root may read everything"))
  func permission() throws {
    let folder = try Folder()
    let path = folder.path + "/locked.png"
    try Data(Self.png).write(to: URL(fileURLWithPath: path))
    let changed = unsafe chmod(path, 0)
    #expect(changed == 0)
    expect(.noPermission(path: path), at: path)
  }

  @Test("a file that changes, is cut or goes away while its rows are read")
  func changes() throws {
    let folder = try Folder()
    let path = folder.path + "/camera.png"
    let url = URL(fileURLWithPath: path)
    let changes: [(PNGError, () throws -> Void)] = [
      (
        .stillBeingWritten(path: path),
        {
          let file = try FileHandle(forWritingTo: url)
          try file.seekToEnd()
          try file.write(contentsOf: [0])
          try file.close()
        }
      ),
      (.vanished(path: path), { try FileManager.default.removeItem(at: url) }),
    ]
    for (expected, change) in changes {
      try Data(Self.png).write(to: url)
      let rows = try #require(try PNGRows(path: path))
      var pixels: [UInt8] = []
      try rows.next(10, into: &pixels)
      try change()
      #expect(throws: expected) { try rows.next(490, into: &pixels) }
      #expect(throws: expected) { try rows.rewind() }
    }
  }

  @Test("colour of 16 bits, interlaced, is bounded by its bytes before memory is taken")
  func interlacedColour() throws {
    let rows = [UInt8](repeating: 77, count: 6 * 30 * 20)
    let png = written(rows, stride: 180, 30, 20, depth: 16, colourType: 2, interlaced: true)
    var decoder = PNGDecoder(limits: PNGLimits(maximumPixels: 600))
    #expect(throws: PNGError.tooManySamples(path: "x.png", bytes: 3600, maximum: 1200)) {
      try decoder.decode(png, name: "x.png")
    }
    decoder = PNGDecoder(limits: PNGLimits(maximumPixels: 1800))
    #expect(throws: Never.self) { try decoder.decode(png, name: "x.png") }
    // Not interlaced, it takes no more than the gray it becomes.
    let plain = written(rows, stride: 180, 30, 20, depth: 16, colourType: 2)
    decoder = PNGDecoder(limits: PNGLimits(maximumPixels: 600))
    #expect(throws: Never.self) { try decoder.decode(plain, name: "x.png") }
  }

  @Test("an interlaced file that ends too early says in which pass")
  func interlacedTruncated() {
    // Noise, so that the last pass, half of the image, fills several chunks of data.
    var generator = SeededGenerator(seed: 6)
    let pixels = (0..<200 * 200).map { _ in UInt8(generator.below(256)) }
    let png = written(pixels, stride: 200, 200, 200, depth: 8, colourType: 0, interlaced: true)
    let cut = Array(png.prefix(png.count - 40))
    #expect(
      throws: PNGError.truncatedInterlaced(path: "x.png", passesRead: 6)
    ) { try decode(cut, .fastWherePossible).get() }
  }
}
