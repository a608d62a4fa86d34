import Foundation
import TestSupport
import Testing

@Suite("cameras of a monitor")
struct CameraTests {
  private struct Reject: Decodable {
    var id: String
    var image: String
    var hasHeat: Bool
    var signals: [String]
  }

  private struct Screen: Decodable {
    struct Quality: Decodable {
      struct Figures: Decodable {
        struct Kind: Decodable { var rejects: Int }
        var inspected: Int
        var rejects: Int
        var classes: [Kind]
      }
      var figures: Figures?
    }
    var quality: Quality
  }

  @Test("images that were copied in one moment are all counted")
  func oneMoment() async throws {
    let folder = TemporaryFolder()
    try teach(in: folder)
    let monitor = try MonitorProcess(
      "inspections: [{camera: top, folder: in, recipe: r}]\n", in: folder)
    let images = try FileManager.default.contentsOfDirectory(atPath: folder.file("s/good"))
    let image = try #require(images.first { $0.hasSuffix(".png") })
    let now = Date()
    for copy in 0..<4 {
      let path = folder.file("\(copy).png")
      try FileManager.default.copyItem(atPath: folder.file("s/good/\(image)"), toPath: path)
      try FileManager.default.setAttributes([.modificationDate: now], ofItemAtPath: path)
      try FileManager.default.moveItem(atPath: path, toPath: folder.file("in/\(copy).png"))
    }
    let screen = try await monitor.wait(for: "/api/v1/screen", as: Screen.self) {
      $0.quality.figures?.classes.first?.rejects == 4
    }
    #expect(screen.quality.figures?.inspected == 4 && screen.quality.figures?.rejects == 4)
    monitor.end(by: SIGTERM)
  }

  /// Teaches a recipe that rejects every part, and makes the camera's folder.
  private func teach(in folder: TemporaryFolder) throws {
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
  }

  @Test("a rejected part is on record, and in the report with its picture")
  func recordsVerdicts() async throws {
    let folder = TemporaryFolder()
    try teach(in: folder)
    let monitor = try MonitorProcess(
      """
      inspections: [{camera: top, folder: in, recipe: r, station: press}]
      machines: [{name: Press, station: press, running: [], signals: ["press.force{*}"]}]
      """, in: folder)
    _ = try await monitor.post("/write", "press,id=1 force=80")
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
    #expect(rejects[0].hasHeat && rejects[0].signals == ["press.force{id=1}"])
    let whole = try await monitor.get("/api/v1/rejects/\(rejects[0].id)/picture.png")
    #expect(whole.status == 200 && whole.headers["cache-control"]?.contains("immutable") == true)
    let heat = try await monitor.get("/api/v1/rejects/\(rejects[0].id)/heat.png").body
    monitor.end(by: SIGKILL)
    try await expectKept(rejects[0], heat: heat, in: folder)
  }

  /// The camera's image is gone and the monitor has been started anew.
  private func expectKept(_ reject: Reject, heat: Data, in folder: TemporaryFolder) async throws {
    try FileManager.default.removeItem(atPath: folder.file("in/a.png"))
    let monitor = try MonitorProcess(
      "inspections: [{camera: top, folder: in, recipe: r}]\n", in: folder)
    let kept: [Reject] = try await monitor.get("/api/v1/rejects").json()
    #expect(kept.map(\.image) == ["a.png"] && kept.map(\.id) == [reject.id] && kept[0].hasHeat)
    for kind in ["picture", "small"] {
      let small = try await monitor.get("/api/v1/rejects/\(reject.id)/\(kind).png")
      #expect(small.status == 200 && small.headers["content-type"] == "image/png")
      #expect(small.body.count > 1_000 && small.body.count <= 40_000, "\(small.body.count) bytes")
    }
    #expect(heat.count > 1_000 && heat.count <= 20_000, "\(heat.count) bytes")
    #expect(try await monitor.get("/api/v1/rejects/\(reject.id)/heat.png").body == heat)
    let none: [Reject] = try await monitor.get("/api/v1/rejects?after=\(reject.id)").json()
    #expect(none.isEmpty)
    for wrong in ["0-1/heat.png", "x/small.png"] {
      #expect(try await monitor.get("/api/v1/rejects/\(wrong)").status == 404)
    }
    let page = try await monitor.get("/api/v1/report?length=day").text
    #expect(page.contains("data:image/png;base64,") && !page.contains("no longer there"))
    let browser = try await Browser()
    try await browser.open("http://127.0.0.1:\(monitor.ports["http"] ?? 0)/")
    try await browser.wait(until: "document.querySelector('.rejects img')?.naturalWidth > 0")
    try await browser.tab(to: "e.dataset.view == 'rejects'")
    try await browser.press(Browser.Key.enter)
    try await browser.wait(until: "document.querySelector('.all-rejects img')?.naturalWidth > 0")
    try await browser.tab(to: "e.className == 'picture'")
    try await browser.press(Browser.Key.enter)
    try await browser.wait(
      until: "[...dialog.querySelectorAll('img')].filter(i => i.naturalWidth > 0).length == 2")
    try await browser.picture("kept-reject")
    monitor.end(by: SIGTERM)
  }
}
