import FactoryModel
import Telemetry

enum LinesLook {
  /// The first byte chooses the unit of times; the rest is line protocol.
  static func at(_ input: [UInt8]) {
    let units = TimePrecision.allCases
    let unit = units[Int(input.first ?? 0) % units.count]
    comparePieces(of: Array(input.dropFirst())) { pieces in
      var reader = LineProtocolReader()
      var stream = LineStream(precision: unit)
      var signals = SignalTable()
      var batch = SampleBatch()
      for piece in pieces {
        reader.read(piece, of: &stream, receivedAt: receipt, table: &signals, into: &batch)
      }
      reader.finish(&stream, receivedAt: receipt, table: &signals, into: &batch)
      precondition(stream.report.samples == batch.count)
      return words(batch, signals) + ["\(stream.report)"]
    }
  }
}

enum JSONLook {
  /// The first byte chooses the mapping; the rest is one payload, and lines of them.
  static func at(_ input: [UInt8]) {
    let text = Array(input.dropFirst())
    let mapping = mappings[Int(input.first ?? 0) % mappings.count]
    var reader = JSONSignalReader(mapping)
    var signals = SignalTable()
    var batch = SampleBatch()
    let topic = ["line", "press 4", "", "temp"]
    do throws(EntryFault) {
      try reader.read(
        text[...], topic: topic, receivedAt: receipt, table: &signals, into: &batch)
      precondition(!batch.isEmpty)
    } catch {
      precondition(batch.isEmpty, "samples of a payload that was refused")
    }
    _ = words(batch, signals)
    comparePieces(of: text) { pieces in
      var reader = NDJSONReader(mapping)
      var signals = SignalTable()
      var batch = SampleBatch()
      for piece in pieces {
        reader.read(piece, receivedAt: receipt, table: &signals, into: &batch)
      }
      reader.finish(receivedAt: receipt, table: &signals, into: &batch)
      return words(batch, signals) + ["\(reader.report)"]
    }
  }

  private static let mappings: [JSONMapping] = [
    .readings,
    JSONMapping(.all(measurement: template("cell{name=$2}")), time: JSONPath("at")),
    JSONMapping(
      .entries([JSONMapping.Entry(JSONPath("d.force"), template("press.force{id=${id}}"))]),
      each: JSONPath("items"), time: JSONPath("t"), quality: JSONPath("q")),
  ]

  private static func template(_ text: String) -> SignalTemplate {
    guard let template = try? SignalTemplate(text) else { fatalError("\(text) is no template") }
    return template
  }
}

enum CSVLook {
  /// The first byte chooses the settings; the rest is a table.
  static func at(_ input: [UInt8]) {
    let settings = all[Int(input.first ?? 0) % all.count]
    comparePieces(of: Array(input.dropFirst())) { pieces in
      var reader = CSVReader(settings)
      var signals = SignalTable()
      var batch = SampleBatch()
      do throws(CSVHeadingError) {
        for piece in pieces { try reader.read(piece, table: &signals, into: &batch) }
        try reader.finish(table: &signals, into: &batch)
      } catch {
        precondition(batch.isEmpty, "samples of a table that was refused")
        return ["\(error)"]
      }
      return words(batch, signals) + ["\(reader.report)"]
    }
  }

  private static let all = [
    CSVSettings(measurement: "table"),
    CSVSettings(measurement: "table", times: .every(.milliseconds(100), from: receipt)),
    CSVSettings(measurement: "table", precision: .seconds, tagColumns: ["id"], separator: ";"),
    CSVSettings(
      measurement: "table", times: .column("Date"), zoneOffsetSeconds: 28_800,
      ignoredColumns: ["note"]),
  ]
}
