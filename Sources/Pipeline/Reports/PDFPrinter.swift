import Foundation

/// Prints a report's page as PDF with a Chromium that the machine has.
public struct PDFPrinter: Sendable {
  private let program: String

  /// - Throws: `PDFError.noChromium` where there is none.
  public init() throws {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let places = path.split(separator: ":").flatMap { folder in
      Self.names.map { "\(folder)/\($0)" }
    }
    guard let found = places.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw PDFError.noChromium(names: Self.names)
    }
    program = found
  }

  private static let names = [
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
  ]
  private static let longest = Duration.seconds(120)

  /// The page as the bytes of a PDF. It has neither script nor references to other files or hosts; no
  /// profile of the user is touched.
  public func pdf(of html: String) async throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("gemba-pdf-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = folder.appendingPathComponent("report.html")
    let out = folder.appendingPathComponent("report.pdf").path
    try Data(html.utf8).write(to: page)
    // Its sandbox does not start for the superuser; the page holds nothing but our own markup.
    let forRoot = getuid() == 0 ? ["--no-sandbox"] : []
    let words =
      [
        program, "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
        "--disable-background-networking", "--disable-component-update",
        "--disable-dev-shm-usage", "--user-data-dir=\(folder.path)/profile",
        "--no-pdf-header-footer", "--print-to-pdf=\(out)",
      ] + forRoot + [page.absoluteString]
    do {
      try await RunningProgram(words).run(input: "", within: Self.longest)
    } catch let fault as ActionFault {
      throw PDFError.failed(reason: fault.description)
    }
    guard let bytes = FileManager.default.contents(atPath: out),
      bytes.starts(with: Data("%PDF".utf8))
    else { throw PDFError.nothingPrinted(program: program) }
    return Array(bytes)
  }
}

/// Why a report cannot be printed as PDF.
public enum PDFError: Error, Hashable, CustomStringConvertible {
  case noChromium(names: [String])
  case nothingPrinted(program: String)
  case failed(reason: String)

  public var description: String {
    switch self {
    case .noChromium(let names):
      "PDF: none of \(names.joined(separator: ", ")) was found on PATH; "
        + "install the package chromium, or write --html"
    case .nothingPrinted(let program):
      "\(program): ended without a PDF; print the report as --html and open it by hand"
    case .failed(let reason): "PDF: \(reason)"
    }
  }
}
