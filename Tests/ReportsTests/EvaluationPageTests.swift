import FactoryModel
import Foundation
import Imaging
import Testing

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

private func content() -> EvaluationPage.Content {
  let picture = PNGEncoder.encode(Overlay.picture(Plane(width: 9, height: 9), []))
  var content = EvaluationPage.Content()
  content.title = "parts <a> with \"recipe\""
  content.good = [0.1, 0.2, 0.3, 5]
  content.defective = [0.25, 4, 900]
  content.threshold = 4
  content.counts = .init(goodPassed: 3, falseRejects: 1, found: 2, escapes: 1)
  content.figures = [.init("image AUROC", 0.75, interval: 0.5...0.9)]
  content.candidates = [
    .init(rule: "in force", threshold: 4, counts: content.counts, isCurrent: true),
    .init(rule: "zero-escapes", threshold: 0.25, counts: content.counts, isCurrent: false),
    .init(rule: "best-f1", threshold: 0.25, counts: content.counts, isCurrent: false),
  ]
  content.command = "gemba recipe set-threshold r --rule RULE"
  content.classes = [.init(kind: "crack & dent", images: 3, found: 2, auroc: nil)]
  content.mistakes = [.init(label: "crack & dent", kind: "pore", images: 2, labelled: 3)]
  content.escapes = [
    .init(image: "d/<x>.png", kind: "crack", score: 0.25, picture: picture, heat: picture),
    .init(image: "d/far.png", kind: "crack", score: 0.3, picture: nil, heat: nil),
  ]
  return content
}

@Test(
  "the evaluation page is well-formed, escapes names and shows or lists what was judged wrongly")
func evaluationPage() throws {
  let html = EvaluationPage.html(content())
  _ = try XMLDocument(xmlString: html)
  #expect(html.contains("d/&lt;x&gt;.png") && !html.contains("<x>"))
  #expect(html.contains("zero-escapes, best-f1</text>") || html.contains("best-f1, zero-escapes"))
  #expect(html.contains("50.00 % to 90.00 %"))
  #expect(
    html.contains("<td>crack &amp; dent</td><td>pore</td><td class=\"number\">2 of 3</td>"))
  #expect(html.contains("without a picture") && html.contains("d/far.png"))
  #expect(html.components(separatedBy: "data:image/png").count == 3)
  _ = try XMLDocument(xmlString: EvaluationPage.html(EvaluationPage.Content()))
}

@Test("the curve runs from nothing rejected to everything rejected, ties in one step")
func curvePoints() {
  let points = ROCChart.points([1, 2, 2], [2, 3])
  #expect(points.map(\.x) == [0, 0, 2.0 / 3, 1])
  #expect(points.map(\.y) == [0, 0.5, 1, 1])
}

@Test("a score axis keeps the order of scores and its ticks apart, straight or bent")
func scoreAxis() {
  let straight = (0..<100).map { Double($0) }
  let bent = straight.map { $0 / 100 } + [500, 8000, -3]
  for scores in [straight, bent, [1, 1, 1], [], [0.5]] {
    let axis = ScoreAxis(scores, marks: [2, 10])
    let places = scores.sorted().map(axis.place)
    #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(places.allSatisfy { (0...1).contains($0) })
    let ticks = axis.ticks.map(axis.place)
    #expect(!ticks.isEmpty)
    #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $1 - $0 > 0.05 }, "\(axis.ticks)")
  }
  // Nine in ten scores lie within 1 of 8,000; the bent axis still gives them a third of the width.
  let axis = ScoreAxis(bent, marks: [])
  #expect(axis.place(0.9) - axis.place(0.1) > 0.1)
}

@Test("every letter of the font is seven rows of five dots, and unknown ones show as a frame")
func fontLetters() {
  func dots(_ text: String) -> [Bool] {
    var picture = ColourPicture(Plane(width: 5, height: 7))
    PixelFont.draw(text, x: 0, y: 0, scale: 1, (255, 255, 255), on: &picture)
    return (0..<35).map { picture.rgb[3 * $0] == 255 }
  }
  var seen: [[Bool]: Character] = [:]
  for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:-+_/%()…" {
    let found = dots(String(letter))
    #expect(found.contains(true))
    #expect(seen[found] == nil, "\(letter) looks like \(seen[found] ?? " ")")
    seen[found] = letter
  }
  #expect(dots("a") == dots("A"))
  #expect(dots("裂").filter { $0 }.count == 20)
}

@Test("a defect's class and score stand beside its frame, and never over another label or outside")
func labels() {
  let plane = Plane(width: 120, height: 90, filledWith: 100)
  func defect(_ x: Int, _ y: Int, _ score: Double) -> Defect {
    Defect(kind: "crack", score: score, x: x, y: y, width: 10, height: 10, area: 50)
  }
  let one = Overlay.picture(plane, [defect(40, 40, 7)])
  let grounds = one.rgb.indices.filter { $0 % 3 == 0 && one.rgb[$0] == 24 }
  let rows = Set(grounds.map { $0 / 3 / 120 })
  #expect(rows == Set(26..<37), "the label stands above the frame: \(rows.sorted())")
  let corner = Overlay.picture(plane, [defect(0, 0, 7), defect(112, 82, 3), defect(2, 2, 1)])
  #expect(corner.rgb.contains(24))
  let mask = Overlay.picture(plane, [], mask: Plane(width: 120, height: 90, filledWith: 255))
  #expect(Array(mask.rgb[0..<3]) == [64, 160, 255])
  #expect(Array(mask.rgb[(3 * (45 * 120 + 60))..<(3 * (45 * 120 + 60) + 3)]) == [100, 100, 100])
}

@Test("large pictures are shrunk for a page by their mean, small ones are kept")
func pictureForPage() {
  let small = ColourPicture(Plane(width: 512, height: 3, filledWith: 7))
  #expect(small.forPage == small)
  var plane = Plane(width: 1024, height: 4)
  for x in 0..<1024 { plane[x, 0] = 200 }
  let page = ColourPicture(plane).forPage
  #expect((page.width, page.height) == (512, 2))
  #expect(Array(page.rgb[0..<3]) == [100, 100, 100])
  #expect(page.rgb.last == 0)
}
