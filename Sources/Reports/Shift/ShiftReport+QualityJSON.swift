import Alarms
import FactoryModel
import Plant

/// The objects of `json` that tell of quality and stations.
extension ShiftReport {
  func json(_ chart: PChart) -> String {
    JSONText.object([
      ("mean", JSONText.number(chart.mean)),
      (
        "points",
        JSONText.list(chart.points) { point in
          JSONText.object([
            ("from", text(point.range.lowerBound)), ("to", text(point.range.upperBound)),
            ("inspected", "\(point.inspected)"), ("share", JSONText.number(point.share)),
            ("lower", JSONText.number(point.lower)), ("upper", JSONText.number(point.upper)),
            ("rules", json(point.rules)),
          ])
        }
      ),
    ])
  }

  func json(_ part: CameraVerdict) -> String {
    let verdict = part.verdict
    return JSONText.object([
      ("time", text(part.time)), ("camera", JSONText.string(part.camera)),
      ("image", JSONText.string(verdict.image)),
      ("verdict", JSONText.string(verdict.outcome.rawValue)),
      ("score", JSONText.number(verdict.score)),
      ("classes", JSONText.list(verdict.classes, JSONText.string)),
    ])
  }

  func json(_ station: StationCount) -> String {
    JSONText.object([
      ("station", JSONText.string(station.station)), ("parts", "\(station.parts)"),
      ("waiting", station.waiting.map { "\($0)" } ?? "null"),
    ])
  }

  func json(_ chart: MeasurementChart) -> String {
    JSONText.object([
      ("signal", JSONText.string(chart.signal.description)),
      ("low", JSONText.number(chart.specification.low)),
      ("high", JSONText.number(chart.specification.high)), ("readings", "\(chart.readings)"),
      ("outside", "\(chart.outside)"), ("mean", JSONText.number(chart.mean)),
      ("meanRange", JSONText.number(chart.meanRange)), ("sigma", JSONText.number(chart.sigma)),
      ("upperRange", JSONText.number(chart.upperRange)), ("cp", JSONText.number(chart.cp)),
      ("cpk", JSONText.number(chart.cpk)), ("ppk", JSONText.number(chart.ppk)),
      (
        "subgroups",
        JSONText.list(chart.subgroups) { subgroup in
          JSONText.object([
            ("from", text(subgroup.piece.lowerBound)), ("to", text(subgroup.piece.upperBound)),
            ("mean", JSONText.number(subgroup.mean)), ("range", JSONText.number(subgroup.range)),
            ("rules", json(subgroup.rules)),
          ])
        }
      ),
    ])
  }

  private func json(_ rules: [NelsonRule]) -> String {
    JSONText.list(rules) { JSONText.string($0.rawValue) }
  }
}
