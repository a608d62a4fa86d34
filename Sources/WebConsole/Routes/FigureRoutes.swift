import FactoryModel
import Foundation
import Hummingbird
import Pipeline
import Plant
import Reports

/// What the plant's record adds up to: how well the alarms serve, and reports.
enum FigureRoutes {
  static func add(
    to router: Router<ConsoleContext>, monitor: LineMonitor, cameras: [String: String]
  ) {
    router.get("api/v1/kpis") { request, _ in try await kpis(request, monitor) }
    router.get("api/v1/report") { request, _ in try await report(request, monitor, cameras) }
  }

  /// `days`, 30 unless said otherwise, up to the newest sample; `operators` who share the alarms.
  private static func kpis(_ request: Request, _ monitor: LineMonitor) async throws -> Response {
    let days = try request.integer("days", in: 1...366) ?? 30
    let operators = try request.integer("operators", in: 1...1_000) ?? 1
    let end = Timestamp(nanoseconds: (await monitor.lastSample ?? .now).nanoseconds + 1)
    let priorities = await monitor.site.priorities
    let figures = try await monitor.plantRecord.alarms(
      in: end - .seconds(days * 86_400)..<end, operators: operators
    ) { priorities[$0] }
    return Reply.json(text: figures.json)
  }

  /// The report of the `length` that `at` lies in, as a `form`, in a `lang`uage.
  private static func report(
    _ request: Request, _ monitor: LineMonitor, _ cameras: [String: String]
  ) async throws -> Response {
    let length: ReportLength = try request.choice("length") ?? .shift
    let form: ReportForm = try request.choice("form") ?? .html
    guard form != .pdf else {
      throw RequestFault.badRequest("form=pdf: ask for html and print it, or run gemba report")
    }
    let language = Language(query: request.uri.queryParameters["lang"].map(String.init))
    let newest = await monitor.lastSample ?? .now
    let moment = try request.moment("at") ?? Timestamp(nanoseconds: newest.nanoseconds + 1)
    let record = await monitor.plantRecord
    let site = await monitor.site
    let stretch = length.stretch(at: moment, ShiftCalendar(site.plant))
    let question = ShiftReport.Question(
      name: stretch.name, range: stretch.range, now: moment, descriptions: site.signals,
      priorities: site.priorities)
    // It may read for seconds: beside the answers that screens wait for.
    let bytes = try await Task.detached(priority: .utility) {
      try await ReportWriter(
        ShiftReport(record, question), language == .chinese ? .chinese : .english,
        RejectPictures(folders: cameras, record: record)
      ).bytes(as: form)
    }.value
    var response = Reply.bytes(bytes, type: form.mediaType)
    response.headers[.contentSecurityPolicy] = policy
    return response
  }

  /// A report brings its style with it, and neither script nor anything from outside.
  private static let policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    + "form-action 'none'; frame-ancestors 'none'"
}

extension ReportForm {
  fileprivate var mediaType: String {
    switch self {
    case .html: "text/html; charset=utf-8"
    case .markdown: "text/markdown; charset=utf-8"
    case .json: "application/json; charset=utf-8"
    case .csv: "text/csv; charset=utf-8"
    case .junit: "application/xml"
    case .pdf: "application/pdf"
    }
  }
}

extension Request {
  /// One of the words of an enumeration, nil when absent.
  fileprivate func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String
  ) throws -> Choice? {
    guard let text = uri.queryParameters[key[...]].map(String.init) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw RequestFault.badRequest("\(key)=\(text): one of \(known)")
    }
    return choice
  }
}
