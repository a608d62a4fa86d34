import Hummingbird
import Pipeline

/// The page, its script, its style and its texts.
enum PageRoutes {
  static func add(to router: Router<BasicRequestContext>, plant: String) {
    router.get("/") { request, _ in
      let language = Language(query: request.uri.queryParameters["lang"].map(String.init))
      let page = page(in: language, plant: plant)
      return Reply.bytes(page.utf8, type: "text/html; charset=utf-8")
    }
    router.get("assets/console.js") { _, _ in
      Reply.bytes(PackageResources.console_js, type: "text/javascript; charset=utf-8")
    }
    router.get("assets/console.css") { _, _ in
      Reply.bytes(PackageResources.console_css, type: "text/css; charset=utf-8")
    }
    router.get("assets/icon.svg") { _, _ in
      Reply.bytes(PackageResources.icon_svg, type: "image/svg+xml")
    }
    router.get("api/v1/texts") { request, _ in
      let language = Language(query: request.uri.queryParameters["lang"].map(String.init))
      return try Reply.json(Catalogue.texts(in: language))
    }
  }

  /// The page with its `{{…}}` replaced.
  static func page(in language: Language, plant: String) -> String {
    let texts = Catalogue.texts(in: language)
    var page = ""
    var rest = Substring(String(decoding: PackageResources.console_html, as: UTF8.self))
    while let open = rest.firstRange(of: "{{"), let close = rest.firstRange(of: "}}") {
      page += rest[..<open.lowerBound]
      let key = String(rest[open.upperBound..<close.lowerBound])
      switch key {
      case "lang": page += language.rawValue
      case "plant": page += escaped(plant)
      default: page += escaped(texts[String(key.dropFirst("text.".count))] ?? key)
      }
      rest = rest[close.upperBound...]
    }
    return page + rest
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
