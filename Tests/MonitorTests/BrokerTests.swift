import Foundation
import NIOCore
import NIOPosix
import SparkplugMessages
import SwiftProtobuf
import TestSupport
import Testing

/// A real mosquitto on a port of loopback.
final class Broker {
  let port: Int
  private let folder: TemporaryFolder
  private let clientOptions: [String]
  private var process = Process()

  /// - Parameter settings: of its listener, more or others; a client that needs more than a port
  ///   is `client`'s.
  init(
    in folder: TemporaryFolder, settings: String = "allow_anonymous true",
    client options: [String] = []
  ) throws {
    self.folder = folder
    clientOptions = options
    port = try FreePort.find()
    let text = "listener \(port) 127.0.0.1\nmax_queued_messages 0\n\(settings)\n"
    try text.write(toFile: folder.file("broker.conf"), atomically: true, encoding: .utf8)
    try start()
  }

  deinit { stop() }

  /// Starts it, also again, and returns when it takes connections.
  func start() throws {
    process = Process()
    let path = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto"]
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    process.executableURL = URL(fileURLWithPath: try #require(path, "no mosquitto installed"))
    process.arguments = ["-c", folder.file("broker.conf")]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    for _ in 0..<200 {
      let tried = try? ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port).wait()
      if let tried {
        try tried.close().wait()
        return
      }
      usleep(25_000)
    }
  }

  /// Ends it as a power cut would: children may inherit a blocked SIGTERM.
  func stop() {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// Publishes a Sparkplug payload.
  func publish(_ payload: SparkplugPayload, to topic: String) throws {
    let file = folder.file("payload")
    try Data(payload.serializedBytes() as [UInt8]).write(to: URL(fileURLWithPath: file))
    let client = Process()
    client.executableURL = URL(fileURLWithPath: "/usr/bin/mosquitto_pub")
    client.arguments = ["-p", "\(port)", "-t", topic, "-q", "1", "-f", file]
    try client.run()
    client.waitUntilExit()
    #expect(client.terminationStatus == 0)
  }

  /// Begins to publish each line with quality 1.
  func publishing(_ lines: String, to topic: String) throws -> Process {
    try lines.write(toFile: folder.file("lines"), atomically: true, encoding: .utf8)
    let client = Process()
    client.executableURL = URL(fileURLWithPath: "/usr/bin/mosquitto_pub")
    client.arguments = ["-p", "\(port)", "-t", topic, "-q", "1", "-l"]
    client.standardInput = FileHandle(forReadingAtPath: folder.file("lines"))
    try client.run()
    return client
  }

  /// Publishes with quality 1 and returns when the broker has it.
  func publish(_ payload: String, to topic: String) throws {
    let client = Process()
    client.executableURL = URL(fileURLWithPath: "/usr/bin/mosquitto_pub")
    client.arguments =
      clientOptions + ["-p", "\(port)", "-t", topic, "-q", "1", "-m", payload]
    try client.run()
    client.waitUntilExit()
    #expect(client.terminationStatus == 0)
  }
}

@Suite("messages of a broker", .serialized)
struct BrokerTests {
  private let folder = TemporaryFolder()

  private struct Signal: Decodable {
    var name: String
    var value: Double?
    var text: String?
    var quality: String
    var time: String
  }

  private func site(_ broker: Broker, version: String = "3.1.1") -> String {
    """
    mqtt:
      - broker: 127.0.0.1:\(broker.port)
        version: \(version)
        topics:
          - {topic: line/+/temp, signal: "machine.temp{id=$2}"}
          - {topic: line/+/state, signal: "machine.state{id=$2}"}
          - {topic: "cells/#", measurement: "cell{name=$2}", time: at}
          - {topic: readings}
    alarms:
      - {name: hot, signal: "machine.temp{*}", high: 90}
      - {name: broker away, signal: "mqtt.connected{*}", low: 0.5}
    """
  }

  private func signals(
    _ monitor: MonitorProcess, until isMet: ([String: Signal]) -> Bool
  ) async throws -> [String: Signal] {
    func named(_ signals: [Signal]) -> [String: Signal] {
      Dictionary(uniqueKeysWithValues: signals.map { ($0.name, $0) })
    }
    return named(
      try await monitor.wait(for: "/api/v1/signals", as: [Signal].self) { isMet(named($0)) })
  }

  @Test("numbers, words, JSON and readings become signals; what is neither is counted")
  func takesMessages() async throws {
    let broker = try Broker(in: folder)
    let monitor = try MonitorProcess(site(broker), in: folder)
    _ = try await signals(monitor) {
      $0["mqtt.connected{broker=127.0.0.1:\(broker.port)}"]?.value == 1
    }
    try broker.publish("95.5", to: "line/m7/temp")
    try broker.publish("setup", to: "line/m7/state")
    try broker.publish(
      #"{"at":"2025-10-09T08:53:30Z","oven":{"top":210,"on":true}}"#, to: "cells/c1/data")
    try broker.publish("{broken", to: "cells/c1/data")
    try broker.publish(
      #"{"time":"2025-10-09T08:53:30Z","signal":"own.name{a=b}","value":4}"#, to: "readings")
    let found = try await signals(monitor) { $0["own.name{a=b}"] != nil }
    #expect(found["machine.temp{id=m7}"]?.value == 95.5)
    #expect(found["machine.state{id=m7}"]?.text == "setup")
    #expect(found["cell.oven.top{name=c1}"]?.value == 210)
    #expect(found["cell.oven.top{name=c1}"]?.time == "2025-10-09T08:53:30Z")
    #expect(found["cell.oven.on{name=c1}"]?.value == 1)
    let metrics = try await monitor.get("/metrics").text
    #expect(metrics.contains("gemba_messages_refused_total 1\n"))
    let alarms: [AlarmLine] = try await monitor.get("/api/v1/alarms").json()
    #expect(alarms.first?.name == "hot" && alarms.first?.state == "unacknowledged")
    monitor.end(by: SIGTERM)
  }

  @Test(
    "a message is acknowledged after its commit: killed and started again, none is lost",
    arguments: ["3.1.1", "5"])
  func survivesKill(_ version: String) async throws {
    let broker = try Broker(in: folder)
    let count = 3_000
    let lines = (0..<count).map {
      #"{"time":\#(1_760_000_000 + $0),"signal":"own.count","value":\#($0)}"# + "\n"
    }
    let first = try MonitorProcess(site(broker, version: version), in: folder)
    let connected = "mqtt.connected{broker=127.0.0.1:\(broker.port)}"
    _ = try await signals(first) { $0[connected]?.value == 1 }
    let publishing = try broker.publishing(lines.joined(), to: "readings")
    _ = try await signals(first) { ($0["own.count"]?.value ?? 0) > 100 }
    first.end(by: SIGKILL)
    let second = try MonitorProcess(site(broker, version: version), in: folder)
    _ = try await signals(second) { ($0["own.count"]?.value ?? 0) > 1_000 }
    second.end(by: SIGKILL)
    publishing.waitUntilExit()
    let third = try MonitorProcess(site(broker, version: version), in: folder)
    _ = try await signals(third) { $0["own.count"]?.value == Double(count - 1) }
    third.end(by: SIGTERM)
    let (_, rows) = try MonitorProcess.run(
      ["query", "own.count", "--database", folder.file("gemba.sqlite"), "--csv"])
    let values = rows.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[1] }
    #expect(values.compactMap { Double($0) } == (0..<count).map(Double.init))
  }

  @Test("a broker that goes away raises an alarm; when it is back, messages come again")
  func survivesRestart() async throws {
    let broker = try Broker(in: folder)
    let monitor = try MonitorProcess(site(broker), in: folder)
    let connected = "mqtt.connected{broker=127.0.0.1:\(broker.port)}"
    _ = try await signals(monitor) { $0[connected]?.value == 1 }
    broker.stop()
    let alarms: [AlarmLine] = try await monitor.wait(for: "/api/v1/alarms") { alarms in
      alarms.contains { $0.name == "broker away" && $0.state == "unacknowledged" }
    }
    #expect(alarms.contains { $0.name == "broker away" && $0.state == "unacknowledged" })
    try broker.start()
    _ = try await signals(monitor) { $0[connected]?.value == 1 }
    try broker.publish("42", to: "line/m9/temp")
    let found = try await signals(monitor) { $0["machine.temp{id=m9}"] != nil }
    #expect(found["machine.temp{id=m9}"]?.value == 42)
    monitor.end(by: SIGTERM)
  }

  @Test("over TLS with a password: a wrong one and a foreign authority are told, the right pass")
  func secured() async throws {
    try makeCertificates()
    let broker = try Broker(
      in: folder,
      settings: "cafile \(folder.file("ca.pem"))\ncertfile \(folder.file("server.pem"))\n"
        + "keyfile \(folder.file("server.key"))\nallow_anonymous false\n"
        + "password_file \(folder.file("passwords"))",
      client: [
        "--cafile", folder.file("ca.pem"), "-h", "localhost", "-u", "gemba", "-P", "secret",
      ])
    func site(_ password: String, _ authorities: String) -> String {
      """
      mqtt:
        - {broker: "localhost:\(broker.port)", user: gemba, password: \(password), \
      authorities: \(authorities), topics: [{topic: a/b, signal: a.b}]}
      """
    }
    func signals(
      _ monitor: MonitorProcess, until isMet: @escaping ([Signal]) -> Bool
    ) async throws -> [Signal] {
      try await monitor.wait(for: "/api/v1/signals", as: [Signal].self, until: isMet)
    }
    for (password, authorities, reason) in [
      ("wrong", "ca.pem", "not authorised"), ("secret", "other.pem", "TLS"),
    ] {
      let monitor = try MonitorProcess(site(password, authorities), in: folder)
      let refused = try await signals(monitor) { !$0.isEmpty }
      #expect(refused.map(\.value) == [0], "\(password), \(authorities)")
      #expect(refused.first?.name.hasPrefix("mqtt.connected{") == true)
      monitor.wait(toSay: "is not connected")
      let said = monitor.end(by: SIGTERM).errors
      #expect(said.contains("mqtt broker: localhost:\(broker.port) is not"), "\(said)")
      #expect(said.contains(reason), "\(said)")
    }
    let monitor = try MonitorProcess(site("secret", "ca.pem"), in: folder)
    _ = try await signals(monitor) { $0.contains { $0.value == 1 } }
    try broker.publish("42", to: "a/b")
    let found = try await signals(monitor) { $0.contains { $0.name == "a.b" } }
    #expect(found.first { $0.name == "a.b" }?.value == 42)
    monitor.end(by: SIGTERM)
  }

  /// An authority `ca.pem` with the broker's certificate, another authority, and a password.
  private func makeCertificates() throws {
    let authority = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=authority"
    let script = """
      \(authority) -keyout ca.key -out ca.pem
      \(authority) -keyout other.key -out other.pem
      openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
      openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 \
        -out server.pem
      mosquitto_passwd -b -c passwords gemba secret
      chmod a+r server.key passwords
      """
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-ec", script]
    shell.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    shell.standardError = FileHandle.nullDevice
    shell.standardOutput = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
  }

  @Test("Sparkplug: births name the metrics, data come by alias, a death makes them bad")
  func speaksSparkplug() async throws {
    let broker = try Broker(in: folder)
    let site = """
      mqtt:
        - {broker: "127.0.0.1:\(broker.port)", sparkplug: true}
      """
    let monitor = try MonitorProcess(site, in: folder)
    _ = try await signals(monitor) {
      $0["mqtt.connected{broker=127.0.0.1:\(broker.port)}"]?.value == 1
    }
    func payload(_ seq: UInt64?, _ metrics: [SparkplugMetric]) -> SparkplugPayload {
      var payload = SparkplugPayload()
      payload.timestamp = 1_760_000_000_000 + (seq ?? 0) * 1_000
      if let seq { payload.seq = seq }
      payload.metrics = metrics
      return payload
    }
    func metric(_ name: String?, alias: UInt64?, type: UInt32, _ value: Double) -> SparkplugMetric {
      var metric = SparkplugMetric()
      if let name { metric.name = name }
      if let alias { metric.alias = alias }
      metric.datatype = type
      if type == 10 { metric.doubleValue = value } else { metric.longValue = UInt64(value) }
      return metric
    }
    try broker.publish(
      payload(
        0, [metric("bdSeq", alias: nil, type: 8, 0), metric("temp", alias: 1, type: 10, 20)]),
      to: "spBv1.0/plant/NBIRTH/press")
    try broker.publish(
      payload(1, [metric(nil, alias: 1, type: 10, 21.5)]), to: "spBv1.0/plant/NDATA/press")
    let name = "sparkplug.temp{group=plant,node=press}"
    let found = try await signals(monitor) { $0[name]?.value == 21.5 }
    #expect(found[name]?.value == 21.5 && found[name]?.time == "2025-10-09T08:53:21Z")
    try broker.publish(
      payload(nil, [metric("bdSeq", alias: nil, type: 8, 0)]), to: "spBv1.0/plant/NDEATH/press")
    let dead = try await signals(monitor) { $0[name]?.quality == "bad" }
    #expect(dead[name]?.quality == "bad")
    monitor.end(by: SIGTERM)
  }
}
