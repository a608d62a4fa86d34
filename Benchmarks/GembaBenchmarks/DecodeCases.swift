import Foundation
import Imaging
import Pipeline

/// Decoding a folder of PNG files from memory: our path, libpng's, the ratio.
enum DecodeCases {
  static func run(_ folder: String) throws {
    let files = ImageList(paths: [folder]).images.prefix(200).compactMap {
      FileManager.default.contents(atPath: $0).map { Array($0) }
    }
    guard !files.isEmpty else { throw BenchmarkError.noImages(folder: folder) }
    var pixels = 0
    var reader = PNGDecoder()
    for file in files {
      pixels += try reader.decode(file, name: folder).plane(levels: .full).pixels.count
    }
    func measure(_ path: PNGDecoder.Path) throws -> Measurement {
      var decoder = PNGDecoder(path: path)
      return try Measurement(passes: 15, each: files) {
        _ = try decoder.decode($0, name: folder)
      }
    }
    let fast = try measure(.fastWherePossible)
    let general = try measure(.libpngOnly)
    let each = Double(pixels) / Double(files.count)
    Line.print(
      "decode \(folder), Gemba", fast, [("megabytesOfPixelsPerSecond", each / fast.minimum / 1e3)])
    Line.print(
      "decode \(folder), libpng", general,
      [
        ("megabytesOfPixelsPerSecond", each / general.minimum / 1e3),
        ("timesGemba", general.minimum / fast.minimum),
      ])
  }
}

/// Why a benchmark cannot run.
enum BenchmarkError: Error, CustomStringConvertible {
  case noImages(folder: String)
  case noFile(path: String)

  var description: String {
    switch self {
    case .noImages(let folder): "\(folder): there is no PNG image here; give a folder of images"
    case .noFile(let path): "\(path): cannot be read; give a file that exists"
    }
  }
}
