import Foundation

/// What every report shares: the frame of the page and the pieces it is made of.
enum HTMLPage {
  /// A page that is also well-formed XML; `parts` are its content, already escaped.
  static func html(title: String, language: String = "en", _ parts: [String]) -> String {
    """
    <!DOCTYPE html>
    <html lang="\(language)" xmlns="http://www.w3.org/1999/xhtml">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta http-equiv="Content-Security-Policy" \
    content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/>
    <title>\(XML.escaped(title))</title>
    <style>\(ReportStyle.css)</style>
    </head>
    <body>
    <main>
    \(parts.filter { !$0.isEmpty }.joined(separator: "\n"))
    </main>
    </body>
    </html>

    """
  }

  /// A large number with its name; `mood` is `bad`, `warn` or empty.
  static func tile(_ value: String, _ name: String, _ mood: String = "") -> String {
    "<div class=\"tile \(mood)\"><b>\(value)</b><span>\(XML.escaped(name))</span></div>"
  }

  /// Warnings, each in its own box.
  static func warnings(_ texts: [String]) -> String {
    texts.map { "<p class=\"warning\">\(XML.escaped($0))</p>" }.joined()
  }

  /// A picture inside the page.
  static func picture(_ png: [UInt8], _ text: String) -> String {
    "<img alt=\"\(XML.escaped(text))\" src=\"data:image/png;base64,"
      + Data(png).base64EncodedString() + "\"/>"
  }
}
