import Foundation
import TestSupport
import Testing

@Suite("cameras of a monitor")
struct CameraTests {
  private struct Reject: Decodable {
    var image: String
  }

  @Test("a rejected part is on record, and in the report with its picture")
  func recordsVerdicts() async throws {
    let folder = TemporaryFolder()
    try MonitorProcess.run(
      ["samples", "castings", "--out", "s", "--good", "3", "--defective", "0"], in: folder)
    try MonitorProcess.run(
      [
        "teach", "--method", "reference", "--good", "s/good", "--out", "r", "--threshold",
        "value=0",
      ],
      in: folder)
    try FileManager.default.createDirectory(
      atPath: folder.file("in"), withIntermediateDirectories: true)
    let monitor = try MonitorProcess(
      "inspections: [{camera: top, folder: in, recipe: r}]\n", in: folder)
    let images = try FileManager.default.contentsOfDirectory(atPath: folder.file("s/good"))
    let image = try #require(images.first { $0.hasSuffix(".png") })
    try FileManager.default.copyItem(
      atPath: folder.file("s/good/\(image)"), toPath: folder.file("in/a.png"))
    let rejects = try await monitor.wait(for: "/api/v1/rejects", as: [Reject].self) {
      !$0.isEmpty
    }
    #expect(rejects.map(\.image) == ["a.png"])
    let page = try await monitor.get("/api/v1/report?length=day").text
    #expect(page.contains("1 parts: passed 0, rejected 1") && page.contains("<img alt="))
    #expect(page.contains("data:image/png;base64,") && page.contains("a.png"))
    // The record names the image below the camera's folder, so a report made elsewhere finds it.
    try MonitorProcess.run(
      ["report", "--site", "\(folder.path)/site.yaml", "--day", "--out", "r.html"], in: folder)
    let file = try String(contentsOfFile: folder.file("r.html"), encoding: .utf8)
    #expect(file.contains("data:image/png;base64,"))
  }
}
