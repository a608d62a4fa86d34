import FactoryModel
import Foundation
import Imaging
import Reports
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

private let verdicts = [
  Verdict(image: "a/good.png", outcome: .pass, score: 0.25, threshold: 1.5, milliseconds: 1.23456),
  Verdict(
    image: "a/<script>&\"quoted\",\n.png", outcome: .reject, score: 7, threshold: 1.5,
    defects: [
      Defect(kind: "crack", score: 7, x: 3, y: 4, width: 5, height: 6, area: 20, length: 7.5),
      Defect(kind: "=dent", score: 2, x: 0, y: 0, width: 2, height: 2, area: 4),
    ], milliseconds: 2, brightness: 99.126),
  Verdict(
    image: "b.png", outcome: .error, score: nil, threshold: 1.5, error: "b.png: the file is empty"),
]

@Test("a line of the record has the documented keys in the documented order")
func line() {
  #expect(
    VerdictLine.text(verdicts[1])
      == #"{"image":"a/<script>&\"quoted\",\n.png","verdict":"reject","score":7,"threshold":1.5,"#
      + #""defects":[{"class":"crack","score":7,"x":3,"y":4,"width":5,"height":6,"area":20,"#
      + #""length":7.5},{"class":"=dent","score":2,"x":0,"y":0,"width":2,"height":2,"area":4}],"#
      + #""milliseconds":2,"brightness":99.13}"#)
  #expect(
    VerdictLine.text(verdicts[2])
      == #"{"image":"b.png","verdict":"error","score":null,"threshold":1.5,"defects":[],"#
      + #""milliseconds":0,"error":"b.png: the file is empty"}"#)
}

@Test("a line reads back; a torn one does not")
func readBack() throws {
  for verdict in verdicts {
    let text = VerdictLine.text(verdict)
    let read = try #require(VerdictLine.verdict(text[...]))
    #expect(VerdictLine.text(read) == text)
    for cut in [1, text.count / 2, text.count - 1] {
      #expect(VerdictLine.verdict(text.prefix(cut)) == nil)
    }
  }
}

@Test("the table quotes what needs quotes and disarms formulas")
func table() {
  let lines = VerdictTable.csv(verdicts).components(separatedBy: "\r\n")
  #expect(lines.count == 5)
  #expect(lines[1] == "a/good.png,pass,0.25,1.5,0,,,,,,,1.235,,,,,")
  #expect(
    lines[2].hasPrefix("\"a/<script>&\"\"quoted\"\",\n.png\",reject,7.0,1.5,2,crack,3,4,5,6,20,"))
  let dent = Verdict(
    image: "-x.png", outcome: .reject, score: 2, threshold: 1, defects: [verdicts[1].defects[1]])
  #expect(VerdictTable.csv([dent]).contains("'-x.png,reject,2.0,1.0,1,'=dent"))
}

@Test("JUnit counts failures and errors and is well-formed")
func junit() throws {
  let xml = JUnit.xml(verdicts, suite: "recipe \"a\" & b")
  let root = try XMLDocument(xmlString: xml).rootElement()
  let suite = try #require(root?.elements(forName: "testsuite").first)
  #expect(suite.attribute(forName: "tests")?.stringValue == "3")
  #expect(suite.attribute(forName: "failures")?.stringValue == "1")
  #expect(suite.attribute(forName: "errors")?.stringValue == "1")
  let cases = suite.elements(forName: "testcase")
  #expect(cases[1].attribute(forName: "name")?.stringValue == verdicts[1].image)
  #expect(cases[1].elements(forName: "failure").count == 1)
}

@Test("the report is well-formed, escapes every name and holds its pictures")
func report() throws {
  let plane = Plane(width: 20, height: 20, filledWith: 80)
  let overlay = PNGEncoder.encode(Overlay.picture(plane, verdicts[1].defects))
  var content = InspectionReport.Content(
    recipe: "<recipe>", method: "surface", threshold: 1.5, verdicts: verdicts, seconds: 2,
    worst: [InspectionReport.Reject(verdict: verdicts[1], overlay: overlay, heat: nil)],
    warnings: ["camera or light has changed"])
  var unsure = Verdict(image: "doubtful & <dim>.png", outcome: .unsure, score: 1, threshold: 1.5)
  unsure.kind = "crack<"
  content.unsure = [InspectionReport.Reject(verdict: unsure, overlay: overlay, heat: nil)]
  content.subject = "a<b, 2026-11-21 14:05"
  let html = InspectionReport.html(content)
  _ = try XMLDocument(xmlString: html)
  #expect(!html.contains("<script>"))
  #expect(html.contains("&lt;script&gt;"))
  #expect(html.contains("data:image/png;base64,"))
  #expect(html.contains("camera or light has changed"))
  #expect(html.contains("the file is empty"))
  #expect(html.contains("a&lt;b, 2026-11-21 14:05. Method"))
  let doubtful = try #require(html.range(of: "Unsure, for a person to look at"))
  #expect(html[doubtful.upperBound...].contains("doubtful &amp; &lt;dim&gt;.png"))
  #expect(html[doubtful.upperBound...].contains("likely crack&lt;"))
}

@Test("a summary names twenty images that were not inspected, and counts the rest")
func longSummary() {
  let failed = (0..<25).map {
    Verdict(
      image: "\($0).png", outcome: .error, score: nil, threshold: 1, error: "\($0).png: empty")
  }
  let lines = SummaryText.text(failed, seconds: 1).split(separator: "\n")
  #expect(lines.count { $0.hasPrefix("not inspected: ") } == 20)
  #expect(lines.contains("… and 5 more not inspected"))
}

@Test("frames stand around defects and stay inside the picture")
func overlay() {
  let plane = Plane(width: 30, height: 30, filledWith: 10)
  let inner = Overlay.picture(plane, [Defect(score: 1, x: 10, y: 12, width: 5, height: 6, area: 9)])
  for y in 12..<18 {
    for x in 10..<15 { #expect(inner.rgb[3 * (y * 30 + x)] == 10, "\(x), \(y)") }
  }
  #expect(inner.rgb[3 * (10 * 30 + 8)] == 255)
  let edge = Overlay.picture(plane, [Defect(score: 1, x: 0, y: 0, width: 30, height: 30, area: 9)])
  #expect(edge.rgb[0] == 255)
}

@Test("heat is bilinear between the centres of cells")
func heat() {
  let plane = Plane(width: 16, height: 8, filledWith: 0)
  let grid = HeatMap.Grid(width: 2, height: 1, cellWidth: 8, cellHeight: 8, values: [0, 1])
  let picture = HeatMap.picture(plane, grid)
  let reds = (0..<16).map { picture.rgb[3 * $0] }
  #expect(reds.first == 0)
  #expect(reds.last == UInt8(0.75 * 255))
  #expect(zip(reds, reds.dropFirst()).allSatisfy { $0 <= $1 })
}

@Test("with a scale the record says millimetres beside pixels, and reads back")
func millimetres() throws {
  let verdict = Verdict(
    image: "a.png", outcome: .reject, score: 5, threshold: 1,
    defects: [
      Defect(score: 5, x: 30, y: 4, width: 12, height: 6, area: 20, length: 13.5),
      Defect(score: 2, x: 0, y: 0, width: 2, height: 3, area: 4),
    ], milliseconds: 1, brightness: 100, millimetresPerPixel: 0.05)
  let line = VerdictLine.text(verdict)
  #expect(
    line.contains(#""millimetres":{"x":1.5,"y":0.2,"width":0.6,"height":0.3,"length":0.675}"#))
  #expect(line.contains(#""millimetres":{"x":0,"y":0,"width":0.1,"height":0.15}}"#))
  #expect(line.contains(#""millimetresPerPixel":0.05"#))
  #expect(VerdictLine.verdict(line[...]) == verdict)
  #expect(VerdictTable.csv([verdict]).contains(",13.50,0.675,,\r\n"))
}

@Test("the table names the class of a method that knows classes")
func classInTable() {
  var verdict = Verdict(image: "a.png", outcome: .reject, score: 0.75, threshold: 0.5)
  verdict.kind = "=porosity"
  verdict.probability = 0.625
  #expect(VerdictTable.csv([verdict]).hasSuffix(",'=porosity,0.625\r\n"))
}
