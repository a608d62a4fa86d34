import Access
import Foundation
import Hummingbird
import Plant

/// The page, its script, its style and its texts.
enum PageRoutes {
  private static let files: [String: [UInt8]] = [
    "console.css": PackageResources.console_css, "icon.svg": PackageResources.icon_svg,
    "console.js": PackageResources.console_js, "base.js": PackageResources.base_js,
    "panels.js": PackageResources.panels_js, "drawings.js": PackageResources.drawings_js,
    "alarms.js": PackageResources.alarms_js, "history.js": PackageResources.history_js,
    "kpis.js": PackageResources.kpis_js, "rejects.js": PackageResources.rejects_js,
  ]
  private static let types = [
    "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
  ]

  static func add(to router: Router<ConsoleContext>, plant: PlantLayout) {
    router.get("/") { request, context in
      let visitor = context.visitor
      return Reply.page(
        PackageResources.console_html, in: request.language,
        values: [
          "plant": plant.name, "zone": plant.zone, "name": visitor.name ?? "",
          "csrf": visitor.session?.formToken ?? "",
          "may": visitor.permissions.map(\.rawValue).sorted().joined(separator: " "),
        ])
    }
    router.get("assets/:file") { request, context in
      let name = context.parameters.get("file") ?? ""
      guard let bytes = files[name] else {
        throw RequestFault(status: .notFound, message: "\(name): no file of the page")
      }
      let ending = name.split(separator: ".").last.map(String.init) ?? ""
      return Reply.bytes(bytes, type: types[ending] ?? "text/plain")
    }
    router.get("api/v1/openapi.yaml") { _, _ in
      Reply.bytes(PackageResources.openapi_yaml, type: "application/yaml")
    }
    router.get("api/v1/texts") { request, _ in
      try Reply.json(Catalogue.texts(in: request.language))
    }
  }
}

extension PlantLayout {
  /// The zone of its clocks as browsers name it; empty where the site file says none or UTC.
  fileprivate var zone: String {
    let name = timeZone.identifier
    guard name.hasPrefix("GMT") else { return name }
    let minutes = timeZone.secondsFromGMT() / 60
    guard minutes != 0 else { return "" }
    let (hours, rest) = abs(minutes).quotientAndRemainder(dividingBy: 60)
    return (minutes < 0 ? "-" : "+") + (hours < 10 ? "0" : "") + "\(hours):"
      + (rest < 10 ? "0" : "") + "\(rest)"
  }
}

extension Reply {
  /// A page of ours: `{{lang}}`, `{{text.KEY}}` and `{{KEY}}` of `values` are replaced, as text.
  static func page(
    _ template: [UInt8], in language: Language, values: [String: String]
  ) -> Response {
    let texts = Catalogue.texts(in: language)
    var page = ""
    var rest = Substring(String(decoding: template, as: UTF8.self))
    while let open = rest.firstRange(of: "{{"), let close = rest.firstRange(of: "}}") {
      page += rest[..<open.lowerBound]
      let key = String(rest[open.upperBound..<close.lowerBound])
      switch key {
      case "lang": page += language.rawValue
      default: page += escaped(values[key] ?? texts[String(key.dropFirst("text.".count))] ?? key)
      }
      rest = rest[close.upperBound...]
    }
    return bytes((page + rest).utf8, type: "text/html; charset=utf-8")
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }
}
