/// What a report says, before it becomes HTML or Markdown.
struct ReportDocument {
  /// How a text is to be read.
  enum Mood: String {
    case plain = ""
    case warn
    case bad
  }

  /// A text in a table.
  struct Cell {
    var text: String
    var mood = Mood.plain

    init(_ text: String, _ mood: Mood = .plain) {
      self.text = text
      self.mood = mood
    }
  }

  /// Rows of texts under the names of their columns.
  struct Table {
    var columns: [String]
    var rows: [[Cell]]
    /// The first columns are words, the others numbers.
    var wordColumns = 1
    var caption: String?

    /// Longer tables are closed until the reader opens them.
    static let longestOpen = 26
  }

  /// A piece of the report under its heading.
  struct Section {
    var title: String
    var notes: [String] = []
    /// Finished SVG.
    var charts: [String] = []
    /// Pictures, PNG or the reason why there is none, with what is said below.
    var figures: [(picture: RejectPicture, caption: String)] = []
    var tables: [Table] = []
  }

  var language: ReportLanguage
  var title: String
  var subtitle: String
  var tiles: [(value: String, name: String, mood: Mood)]
  /// What needs a person.
  var attention: [(text: String, mood: Mood)]
  var sections: [Section]
  /// Whether long tables are open, as on paper, where nobody can open them.
  var isOpen = false
}

// MARK: HTML

extension ReportDocument {
  /// One self-contained page without script, well-formed XML too.
  var html: String {
    let tiles = tiles.map { HTMLPage.tile(XML.escaped($0.value), $0.name, $0.mood.rawValue) }
    return HTMLPage.html(
      title: title, language: language.rawValue,
      [
        "<h1>\(XML.escaped(title))</h1><p class=\"quiet\">\(XML.escaped(subtitle))</p>",
        "<div class=\"tiles\">\(tiles.joined())</div>", attentionList,
      ] + sections.map(html))
  }

  private var attentionList: String {
    let heading = "<h2>\(language.text("What needs a person", "需要处理"))</h2>"
    guard !attention.isEmpty else {
      return heading + "<p>\(language.text("Nothing.", "无。"))</p>"
    }
    let items = attention.map { item in
      "<p class=\"warning \(item.mood.rawValue)\">\(XML.escaped(item.text))</p>"
    }
    return heading + items.joined()
  }

  private func html(_ section: Section) -> String {
    "<section><h2>\(XML.escaped(section.title))</h2>"
      + section.notes.map { "<p class=\"quiet\">\(XML.escaped($0))</p>" }.joined()
      + section.charts.joined() + gallery(section) + section.tables.map(html).joined()
      + "</section>"
  }

  private func gallery(_ section: Section) -> String {
    guard !section.figures.isEmpty else { return "" }
    let figures = section.figures.map { figure in
      let picture =
        switch figure.picture {
        case .png(let bytes): HTMLPage.picture(bytes, figure.caption)
        case .none(let reason): "<p class=\"quiet\">\(XML.escaped(reason.text(language)))</p>"
        }
      return "<figure>\(picture)<figcaption>\(XML.escaped(figure.caption))</figcaption></figure>"
    }
    return "<div class=\"gallery small\">\(figures.joined())</div>"
  }

  private func html(_ table: Table) -> String {
    func tag(_ name: String, _ place: Int, _ text: String, _ mood: Mood = .plain) -> String {
      let kinds = [place < table.wordColumns ? "" : "number", mood.rawValue].filter { !$0.isEmpty }
      let kind = kinds.isEmpty ? "" : " class=\"\(kinds.joined(separator: " "))\""
      return "<\(name)\(kind)>\(XML.escaped(text))</\(name)>"
    }
    let head = table.columns.enumerated().map { tag("th", $0.offset, $0.element) }
    let rows = table.rows.map { row in
      let cells = row.enumerated().map { place, cell in
        tag("td", place, cell.text, cell.mood)
      }
      return "<tr>\(cells.joined())</tr>"
    }
    let text =
      "<div class=\"wide\"><table><thead><tr>\(head.joined())</tr></thead>"
      + "<tbody>\(rows.joined(separator: "\n"))</tbody></table></div>"
    let caption = table.caption.map(XML.escaped)
    guard table.rows.count > Table.longestOpen else {
      return (caption.map { "<h3>\($0)</h3>" } ?? "") + text
    }
    let all = language.text("all \(table.rows.count) rows", "全部 \(table.rows.count) 行")
    return "<details\(isOpen ? " open=\"\"" : "")><summary>"
      + "\([caption, all].compactMap { $0 }.joined(separator: ", "))</summary>"
      + text + "</details>"
  }
}

// MARK: Markdown

extension ReportDocument {
  /// The report without its charts.
  var markdown: String {
    var lines = ["# \(Self.plain(title))", "", Self.plain(subtitle), ""]
    lines += tiles.map { "- \(Self.plain($0.name)): **\(Self.plain($0.value))**" }
    lines += ["", "## \(language.text("What needs a person", "需要处理"))", ""]
    lines +=
      attention.isEmpty
      ? [language.text("Nothing.", "无。")] : attention.map { "- \(Self.plain($0.text))" }
    for section in sections {
      lines += ["", "## \(Self.plain(section.title))"]
      lines += section.notes.flatMap { ["", Self.plain($0)] }
      lines += section.tables.flatMap(lines(of:))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func lines(of table: Table) -> [String] {
    let rule = table.columns.indices.map { $0 < table.wordColumns ? "---" : "---:" }
    let line = { (cells: [String]) in "| " + cells.joined(separator: " | ") + " |" }
    return (table.caption.map { ["", "### \(Self.plain($0))"] } ?? []) + [""]
      + [line(table.columns.map(Self.plain)), line(rule)]
      + table.rows.map { row in
        line(
          row.map { cell in
            let text = Self.plain(cell.text)
            return cell.mood == .plain || text.isEmpty ? text : "**\(text)**"
          })
      }
  }

  /// A text that Markdown takes as it stands.
  private static func plain(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if character.isNewline { return result.append(" ") }
      if "\\`*_[]<>|#&".contains(character) { result.append("\\") }
      result.append(character)
    }
  }
}
