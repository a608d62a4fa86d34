import Access
import Foundation
import TestSupport
import Testing

/// A real nginx on a port of loopback that shows a monitor under `/gemba/`.
private final class Nginx {
  let port: Int
  private let process = Process()

  /// - Parameter keepsPrefix: whether the monitor sees `/gemba/…` or `/…`.
  init(before monitor: MonitorProcess, keepsPrefix: Bool, in folder: TemporaryFolder) async throws {
    port = try FreePort.find()
    let target = "http://127.0.0.1:\(monitor.ports["http"] ?? 0)\(keepsPrefix ? "" : "/")"
    let text = """
      daemon off; master_process off; pid \(folder.file("nginx.pid")); error_log stderr crit;
      events {}
      http {
        access_log off;
        client_body_temp_path \(folder.path); proxy_temp_path \(folder.path);
        fastcgi_temp_path \(folder.path); uwsgi_temp_path \(folder.path);
        scgi_temp_path \(folder.path);
        server {
          listen 127.0.0.1:\(port);
          location /gemba/ {
            proxy_pass \(target);
            proxy_http_version 1.1;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-Host $http_host;
          }
        }
      }
      """
    try text.write(toFile: folder.file("nginx.conf"), atomically: true, encoding: .utf8)
    let path = Program.unpacked + "/usr/sbin/nginx"
    try #require(
      FileManager.default.isExecutableFile(atPath: path), "\(path): run Scripts/install tests")
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["-e", "stderr", "-c", folder.file("nginx.conf")]
    process.standardError = FileHandle.nullDevice
    try process.run()
    for _ in 0..<200 {
      if (try? await WebClient(port: port).get("/")) != nil { return }
      try await Task.sleep(for: .milliseconds(25))
    }
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }
}

@Suite("behind a proxy, under a path", .serialized)
struct ProxyTests {
  private let folder = TemporaryFolder()

  private static let site = """
    operators: operators.yaml
    alarms:
      - {name: machine hot, signal: "machine.temp{id=m7}", high: 90}
    """

  @Test(
    "log-in, screen, events and an acknowledgement work, whether or not the proxy keeps the path",
    arguments: [true, false])
  func works(_ keepsPrefix: Bool) async throws {
    try OperatorFile(path: folder.file("operators.yaml")).change { list in
      for (name, role) in [("Li Wei", Role.operator), ("telegraf", .writer)] {
        list.put(Operator(name: name, role: role, password: try PasswordHash(of: "a password")))
      }
    }
    let monitor = try MonitorProcess(Self.site, listen: ["prefix: /gemba"], in: folder)
    let nginx = try await Nginx(before: monitor, keepsPrefix: keepsPrefix, in: folder)
    let pair = Data("telegraf:a password".utf8).base64EncodedString()
    let written = try await WebClient(port: nginx.port).ask(
      "POST", "/gemba/write", ["Authorization": "Basic \(pair)"],
      body: Array("machine,id=m7 temp=95".utf8))
    #expect(written.status == 204, "\(written.text)")
    let browser = try await Browser()
    try await browser.open("http://127.0.0.1:\(nginx.port)/gemba/")
    try await browser.wait(until: "location.pathname == '/gemba/login'")
    try await browser.press("Li Wei" + Browser.Key.tab + "a password" + Browser.Key.enter)
    try await browser.wait(until: "location.pathname == '/gemba/'")
    try await browser.wait(until: "/machine hot/.test(document.querySelector('#banner').innerText)")
    let _: Bool = try await browser.value("(location.hash = '#alarms', true)")
    try await browser.wait(until: "document.querySelector('td button.act')")
    let _: Bool = try await browser.value("(document.querySelector('td button.act').click(), true)")
    try await browser.tab(to: "e.innerText === 'Acknowledge'")
    try await browser.press(Browser.Key.enter)
    // What was done comes back as an event of the stream.
    try await browser.wait(
      until: "/No new alarms/.test(document.querySelector('#banner').innerText)")
    try await browser.tab(to: "e.innerText === 'Log out'")
    try await browser.press(Browser.Key.enter)
    try await browser.wait(until: "location.pathname == '/gemba/login'")
    monitor.end(by: SIGTERM)
    // With the same rules: a rule that is gone would end its alarm, one line later.
    let second = try MonitorProcess(Self.site, in: folder)
    let reader = Data("Li Wei:a password".utf8).base64EncodedString()
    let journal: [JournalLine] = try await second.web.get(
      "/api/v1/journal", ["Authorization": "Basic \(reader)"]
    ).json()
    let last = try #require(journal.last)
    #expect(last.who == "Li Wei" && last.to == "acknowledged", "\(journal)")
    second.end(by: SIGTERM)
  }
}
