import Foundation
import Testing

/// A real Chromium without a window, driven by chromedriver over the WebDriver protocol.
final class Browser {
  private let driver = Process()
  private let web: WebClient
  private var session = ""
  /// Process of the browser itself.
  private var chromium: Int32?

  /// Starts driver and browser.
  init() async throws {
    let path = "/usr/bin/chromedriver"
    try #require(
      FileManager.default.isExecutableFile(atPath: path), "\(path): run Scripts/install tests")
    let said = Pipe()
    driver.executableURL = URL(fileURLWithPath: path)
    driver.arguments = ["--port=0"]
    driver.standardOutput = said
    driver.standardError = FileHandle.nullDevice
    try driver.run()
    web = WebClient(port: try Self.port(from: said.fileHandleForReading))
    struct Started: Decodable {
      var sessionId: String
      var capabilities: [String: JSONNumber]
    }
    let options: [String: Any] = [
      "binary": "/usr/bin/chromium",
      "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
    ]
    let wanted: [String: Any] = ["browserName": "chrome", "goog:chromeOptions": options]
    let started: Started = try await tell(
      "POST", "/session", ["capabilities": ["alwaysMatch": wanted]])
    session = "/session/\(started.sessionId)"
    chromium = started.capabilities["goog:processID"]?.value.map(Int32.init)
  }

  /// Ends both at once, also after a failure: children may inherit a blocked SIGTERM.
  deinit {
    if let chromium { kill(chromium, SIGKILL) }
    if driver.isRunning { kill(driver.processIdentifier, SIGKILL) }
    driver.waitUntilExit()
  }

  /// A number among values of other kinds.
  private struct JSONNumber: Decodable {
    var value: Double?

    init(from decoder: any Decoder) throws {
      value = try? decoder.singleValueContainer().decode(Double.self)
    }
  }

  private static func port(from output: FileHandle) throws -> Int {
    var said = ""
    while true {
      let data = output.availableData
      try #require(!data.isEmpty, "chromedriver ended: \(said)")
      said += String(decoding: data, as: UTF8.self)
      if let found = said.firstMatch(of: /started successfully on port (\d+)/) {
        return Int(found.1) ?? 0
      }
    }
  }

  private struct Nothing: Decodable {}
  private struct Reply<Value: Decodable>: Decodable { var value: Value }

  private func tell<Value: Decodable>(
    _ method: String, _ path: String, _ body: [String: Any]?
  ) async throws -> Value {
    let bytes = try body.map { Array(try JSONSerialization.data(withJSONObject: $0)) }
    let answer = try await web.ask(
      method, path, ["Content-Type": "application/json"], body: bytes)
    try #require(answer.status == 200, "\(method) \(path): \(answer.text)")
    return try answer.json(Reply<Value>.self).value
  }
}

// MARK: what a person does

extension Browser {
  /// Goes to a page and returns when it is loaded.
  func open(_ url: String) async throws {
    let _: Nothing? = try await tell("POST", session + "/url", ["url": url])
  }

  /// What a script returns.
  func value<Value: Decodable>(_ script: String, as type: Value.Type = Value.self) async throws
    -> Value
  {
    try await tell(
      "POST", session + "/execute/sync", ["script": "return \(script)", "args": [Any]()])
  }

  /// Waits until a script returns true; nothing on the page tells when.
  func wait(until script: String, _ place: SourceLocation = #_sourceLocation) async throws {
    for _ in 0..<400 {
      if try await value("Boolean(\(script))", as: Bool.self) { return }
      try await Task.sleep(for: .milliseconds(25))
    }
    let text: String = try await value("document.body.innerText")
    Issue.record("never: \(script); the page says: \(text)", sourceLocation: place)
  }

  /// Presses keys one after another.
  func press(_ keys: String) async throws {
    let actions = keys.flatMap { key in
      ["keyDown", "keyUp"].map { ["type": $0, "value": "\(key)"] }
    }
    let source: [String: Any] = ["type": "key", "id": "keyboard", "actions": actions]
    let _: Nothing? = try await tell("POST", session + "/actions", ["actions": [source]])
  }

  /// Presses the tabulator until `script` holds of the focused element `e`.
  func tab(to script: String, _ place: SourceLocation = #_sourceLocation) async throws {
    for _ in 0..<60 {
      try await press(Key.tab)
      let isThere: Bool = try await value(
        "((e) => Boolean(\(script)))(document.activeElement)")
      if isThere { return }
    }
    Issue.record("the tabulator never reached \(script)", sourceLocation: place)
  }

  enum Key {
    static let tab = "\u{E004}"
    static let enter = "\u{E007}"
    static let escape = "\u{E00C}"
  }
}

// MARK: how it looks

extension Browser {
  /// Has a window of that size, bright or dark.
  func look(width: Int, height: Int, scheme: String = "light") async throws {
    try await command(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600])
    try await command(
      "Emulation.setEmulatedMedia",
      ["features": [["name": "prefers-color-scheme", "value": scheme]]])
  }

  /// Saves what is seen to `.build/pictures/NAME.png`.
  func picture(_ name: String) async throws {
    let text: String = try await tell("GET", session + "/screenshot", nil)
    let folder = Program.build.appendingPathComponent("pictures")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let data = try #require(Data(base64Encoded: text))
    try data.write(to: folder.appendingPathComponent("\(name).png"))
  }

  private func command(_ name: String, _ parameters: [String: Any]) async throws {
    let _: Nothing? = try await tell(
      "POST", session + "/goog/cdp/execute", ["cmd": name, "params": parameters])
  }
}
