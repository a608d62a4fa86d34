import FactoryModel
import Foundation

/// One verdict as one line of JSON, the record's format; keys and their order are stable.
///
/// `{"image","verdict","score","threshold","defects":[{"class","score","x","y","width","height","area"}],
/// "milliseconds","error"?}`; then, where known, `brightness`, `millimetresPerPixel`, `class`, `probability`, and per defect `length`,
/// `contrast` and `millimetres` (`x`, `y`, `width`, `height`, `length`).
public enum VerdictLine {
  /// The line without its line break.
  public static func text(_ verdict: Verdict) -> String {
    var line =
      "{\"image\":\(JSONText.string(verdict.image)),\"verdict\":\"\(verdict.outcome.rawValue)\""
    line += ",\"score\":\(verdict.score.map { JSONText.number($0) } ?? "null")"
    line += ",\"threshold\":\(JSONText.number(verdict.threshold)),\"defects\":["
    line += verdict.defects.map { text($0, of: verdict) }.joined(separator: ",")
    line += "],\"milliseconds\":\(JSONText.number((verdict.milliseconds * 1000).rounded() / 1000))"
    if let error = verdict.error { line += ",\"error\":\(JSONText.string(error))" }
    if let brightness = verdict.brightness {
      line += ",\"brightness\":\(JSONText.number((brightness * 100).rounded() / 100))"
    }
    if let scale = verdict.millimetresPerPixel {
      line += ",\"millimetresPerPixel\":\(JSONText.number(scale))"
    }
    if let kind = verdict.kind { line += ",\"class\":\(JSONText.string(kind))" }
    if let probability = verdict.probability {
      line += ",\"probability\":\(JSONText.number(probability))"
    }
    return line + "}"
  }

  private static func text(_ defect: Defect, of verdict: Verdict) -> String {
    var text =
      "{\"class\":\(JSONText.string(defect.kind)),\"score\":\(JSONText.number(defect.score))"
    text += ",\"x\":\(defect.x),\"y\":\(defect.y),\"width\":\(defect.width)"
    text += ",\"height\":\(defect.height),\"area\":\(defect.area)"
    if let length = defect.length { text += ",\"length\":\(JSONText.number(length))" }
    if let contrast = defect.contrast { text += ",\"contrast\":\(JSONText.number(contrast))" }
    guard verdict.millimetresPerPixel != nil else { return text + "}" }
    let lengths: [(String, Double?)] = [
      ("x", Double(defect.x)), ("y", Double(defect.y)), ("width", Double(defect.width)),
      ("height", Double(defect.height)), ("length", defect.length),
    ]
    let fields = lengths.compactMap { name, pixels in
      pixels.map { (name, JSONText.number(verdict.millimetres($0))) }
    }
    return text + ",\"millimetres\":\(JSONText.object(fields))}"
  }

  /// The verdict of a line of the record; nil when the line is torn or is none.
  public static func verdict(_ line: Substring) -> Verdict? {
    guard let read = try? JSONDecoder().decode(ReadVerdict.self, from: Data(line.utf8)),
      let outcome = Outcome(rawValue: read.verdict)
    else { return nil }
    var verdict = Verdict(
      image: read.image, outcome: outcome, score: read.score,
      threshold: read.threshold ?? .infinity,
      defects: read.defects.map(\.defect), milliseconds: read.milliseconds, error: read.error,
      brightness: read.brightness, millimetresPerPixel: read.millimetresPerPixel)
    verdict.kind = read.class
    verdict.probability = read.probability
    return verdict
  }
}

private struct ReadVerdict: Decodable {
  var image: String
  var verdict: String
  var score: Double?
  var threshold: Double?
  var defects: [ReadDefect]
  var milliseconds: Double
  var error: String?
  var brightness: Double?
  var millimetresPerPixel: Double?
  var `class`: String?
  var probability: Double?
}

private struct ReadDefect: Decodable {
  var `class`: String
  var score: Double
  var x: Int
  var y: Int
  var width: Int
  var height: Int
  var area: Int
  var length: Double?
  var contrast: Double?

  var defect: Defect {
    Defect(
      kind: `class`, score: score, x: x, y: y, width: width, height: height, area: area,
      length: length, contrast: contrast)
  }
}
