import Access
import AsyncHTTPClient
import Foundation
import NIOHTTP1
import TestSupport
import Testing

@Suite("operators", .serialized)
struct OperatorTests {
  private let folder = TemporaryFolder()

  private static let site = """
    operators: operators.yaml
    alarms:
      - {name: machine hot, signal: "machine.temp{id=m7}", high: 90}
    """

  /// One of each role; the password is the name and ` password`.
  private func people() throws {
    try OperatorFile(path: folder.file("operators.yaml")).change { list in
      for (name, role) in [
        ("Vera", Role.viewer), ("李伟", .operator), ("Egon", .engineer), ("telegraf", .writer),
      ] {
        list.put(
          Operator(name: name, role: role, password: try PasswordHash(of: "\(name) password")))
      }
    }
  }

  private func basic(_ name: String, _ password: String? = nil) -> [String: String] {
    let pair = "\(name):\(password ?? "\(name) password")"
    return ["Authorization": "Basic " + Data(pair.utf8).base64EncodedString()]
  }

  /// Logs in on the form and returns the cookie and the session's token.
  private func logIn(
    _ name: String, at monitor: MonitorProcess
  ) async throws -> (cookie: [String: String], token: String) {
    let form =
      "name=\(name)&password=\(name) password"
      .addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? ""
    let answer = try await monitor.post("/login", form, headers: Self.form)
    #expect(answer.status == 303 && answer.headers["location"] == "./?lang=en")
    let field = try #require(answer.headers["set-cookie"])
    #expect(field.contains("HttpOnly") && field.contains("SameSite=Strict"))
    let cookie = ["Cookie": String(field.prefix { $0 != ";" })]
    let page = try await monitor.web.get("/", cookie)
    #expect(page.status == 200)
    let token = page.text.split(separator: "data-csrf=\"").last?.prefix { $0 != "\"" }
    return (cookie, String(token ?? ""))
  }

  private static let form = ["Content-Type": "application/x-www-form-urlencoded"]
  private static let acknowledge = #"{"name":"machine hot","comment":"fan cleaned"}"#

  @Test("a browser that is logged in at two monitors of one host stays so at both")
  func twoMonitors() async throws {
    try people()
    let other = TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: folder.file("operators.yaml"), toPath: other.file("operators.yaml"))
    let monitors = [
      try MonitorProcess(Self.site, in: folder), try MonitorProcess(Self.site, in: other),
    ]
    // A browser keeps one cookie of a name for a host, whatever the port.
    var jar: [String: String] = [:]
    for monitor in monitors {
      let cookie = try #require(try await logIn("Vera", at: monitor).cookie["Cookie"])
      let pair = cookie.split(separator: "=", maxSplits: 1).map(String.init)
      jar[pair[0]] = pair[1]
    }
    let all = ["Cookie": jar.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")]
    for monitor in monitors {
      #expect(try await monitor.web.get("/api/v1/alarms", all).status == 200)
      monitor.end(by: SIGTERM)
    }
  }

  @Test("without a log-in nothing is shown or taken; health, the form and its style are")
  func closed() async throws {
    try people()
    let monitor = try MonitorProcess(Self.site, in: folder)
    for path in [
      "/api/v1/alarms", "/api/v1/screen", "/api/v1/stream", "/api/v1/journal", "/metrics",
      "/api/v1/history?signal=a.b", "/api/v1/rejects", "/query", "/nothing",
    ] {
      let answer = try await monitor.get(path)
      #expect(answer.status == 401 || answer.status == 404, "\(path)")
      #expect(!answer.text.contains("machine hot"))
    }
    for path in ["/write", "/api/v2/write", "/api/v1/alarms/acknowledge", "//write", "/write/"] {
      #expect(try await monitor.post(path, "machine temp=1").status == 401, "\(path)")
    }
    for path in ["/healthz", "/readyz", "/login", "/assets/console.css", "/api/v1/texts"] {
      #expect(try await monitor.get(path).status == 200, "\(path)")
    }
    let page = try await monitor.get("/?lang=zh")
    #expect(page.status == 303 && page.headers["location"] == "login?lang=zh")
    #expect(try await monitor.get("/login?lang=zh").text.contains("登录"))
    monitor.end(by: SIGTERM)
  }

  @Test("each role may do what it says, by HTTP Basic, and the journal has the name that logged in")
  func roles() async throws {
    try people()
    let monitor = try MonitorProcess(Self.site, in: folder)
    let line = "machine,id=m7 temp=95"
    let statuses: [(name: String, read: Int, write: Int, act: Int, service: Int)] = [
      ("Vera", 200, 403, 403, 403), ("telegraf", 403, 204, 403, 403),
      ("李伟", 200, 403, 204, 403), ("Egon", 200, 204, 409, 204),
    ]
    for (name, read, write, act, service) in statuses {
      let who = basic(name)
      #expect(try await monitor.web.get("/api/v1/alarms", who).status == read, "\(name)")
      #expect(try await monitor.post("/write", line, headers: who).status == write, "\(name)")
      let done = try await monitor.post(
        "/api/v1/alarms/acknowledge", #"{"name":"machine hot","who":"somebody else"}"#,
        headers: who)
      #expect(done.status == act, "\(name): \(done.text)")
      let out = try await monitor.post(
        "/api/v1/alarms/outOfService", Self.acknowledge, headers: who)
      #expect(out.status == service, "\(name): \(out.text)")
    }
    let answer = try await monitor.web.get("/api/v1/journal", basic("Vera"))
    #expect(try answer.json([JournalLine].self).compactMap(\.who) == ["李伟", "Egon"])
    let token = ["Authorization": "Token telegraf:telegraf password"]
    #expect(try await monitor.post("/api/v2/write", line, headers: token).status == 204)
    monitor.end(by: SIGTERM)
  }

  @Test("a session acts with its token only, and from this site's pages only; leaving ends it")
  func session() async throws {
    try people()
    let monitor = try MonitorProcess(Self.site, in: folder)
    _ = try await monitor.post("/write", "machine,id=m7 temp=95", headers: basic("telegraf"))
    let (cookie, token) = try await logIn("李伟", at: monitor)
    #expect(token.count == 64)
    let path = "/api/v1/alarms/acknowledge"
    #expect(try await monitor.post(path, Self.acknowledge, headers: cookie).status == 403)
    let wrong = cookie.merging(["X-CSRF-Token": token.reversed().description]) { $1 }
    #expect(try await monitor.post(path, Self.acknowledge, headers: wrong).status == 403)
    let right = cookie.merging(["X-CSRF-Token": token]) { $1 }
    for other in [["Origin": "http://evil.example"], ["Sec-Fetch-Site": "cross-site"]] {
      let answer = try await monitor.post(
        path, Self.acknowledge, headers: right.merging(other) { $1 })
      #expect(answer.status == 403, "\(other)")
    }
    #expect(try await monitor.post(path, Self.acknowledge, headers: right).status == 204)
    // A program that sees cookies cannot log somebody out by a link.
    let headers = cookie.merging(Self.form) { $1 }
    #expect(try await monitor.post("/logout", "csrf=no", headers: headers).status == 403)
    let left = try await monitor.post("/logout", "csrf=\(token)", headers: headers)
    #expect(left.status == 303 && left.headers["set-cookie"]?.contains("Max-Age=0") == true)
    #expect(try await monitor.web.get("/api/v1/alarms", cookie).status == 401)
    monitor.end(by: SIGTERM)
  }

  @Test("wrong passwords are answered alike for known and unknown names, and soon have to wait")
  func guessing() async throws {
    try people()
    let monitor = try MonitorProcess(Self.site, in: folder)
    var refused = 0
    for name in ["Vera", "Nobody"] {
      var statuses: [Int] = []
      // Each failure doubles the wait, so that some try comes too soon however slow the machine is.
      while statuses.last != 429, statuses.count < 15 {
        let form = "name=\(name)&password=guess"
        statuses.append(try await monitor.post("/login", form, headers: Self.form).status)
      }
      #expect(statuses.count > 5 && statuses.dropLast().allSatisfy { $0 == 401 }, "\(statuses)")
      #expect(statuses.last == 429)
      refused += statuses.count
    }
    var program = try await monitor.web.get("/metrics", basic("Vera", "guess"))
    refused += 1
    while program.status == 401, refused < 40 {
      program = try await monitor.web.get("/metrics", basic("Vera", "guess"))
      refused += 1
    }
    #expect(program.status == 429 && program.text.contains("wait"), "\(program.text)")
    // Others are let in meanwhile.
    let metrics = try await monitor.web.get("/metrics", basic("Egon"))
    #expect(metrics.text.contains("gemba_logins_refused_total \(refused)\n"), "\(metrics.text)")
    // A writer has no business on the page.
    let writer = "name=telegraf&password=telegraf%20password"
    #expect(try await monitor.post("/login", writer, headers: Self.form).status == 401)
    monitor.end(by: SIGTERM)
  }

  @Test("SIGHUP: who is removed is out at once, also from an open screen")
  func removal() async throws {
    try people()
    let monitor = try MonitorProcess(Self.site, in: folder)
    let (cookie, _) = try await logIn("Vera", at: monitor)
    let stream = try await monitor.web.open("GET", "/api/v1/stream", cookie)
    #expect(stream.status == .ok)
    var isFirst = true
    for try await _ in stream.body where isFirst {
      isFirst = false
      try OperatorFile(path: folder.file("operators.yaml")).change { $0.remove("Vera") }
      monitor.send(SIGHUP)
    }
    #expect(try await monitor.web.get("/api/v1/alarms", cookie).status == 401)
    #expect(try await monitor.web.get("/api/v1/alarms", basic("Vera")).status == 401)
    #expect(try await monitor.web.get("/api/v1/alarms", basic("Egon")).status == 200)
    monitor.end(by: SIGTERM)
  }

  @Test("behind https the cookie is Secure, and a proxy's word on the address is believed")
  func proxied() async throws {
    try people()
    let monitor = try MonitorProcess(Self.site, listen: ["prefix: /gemba"], in: folder)
    let headers = Self.form.merging(["X-Forwarded-Proto": "https"]) { $1 }
    let form = "name=Vera&password=Vera%20password"
    let answer = try await monitor.post("/gemba/login", form, headers: headers)
    let cookie = answer.headers["set-cookie"]
    #expect(cookie?.contains("; Secure") == true && cookie?.contains("Path=/gemba/;") == true)
    for _ in 0..<6 {
      _ = try await monitor.post(
        "/login", "name=Vera&password=no",
        headers: Self.form.merging(["X-Forwarded-For": "6.6.6.6, 10.1.1.1"]) { $1 })
    }
    let here = try await monitor.post(
      "/login", form, headers: Self.form.merging(["X-Forwarded-For": "10.1.1.2"]) { $1 })
    #expect(here.status == 303)
    monitor.end(by: SIGTERM)
  }
}
