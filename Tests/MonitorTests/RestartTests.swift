import Foundation
import Imaging
import TestSupport
import Testing

/// Rules of every kind; delays so long that only the samples' own time ends them.
private let rules = """
  database: gemba.sqlite
  alarms:
    - {name: hot, signal: "machine.temp{*}", high: 84, deadband: 1, onDelay: 20m, offDelay: 10m}
    - {name: rising, signal: "machine.temp{*}", rate: {rise: 0.6, fall: 0.6, per: 1m, over: 3m}}
    - {name: drift, signal: "machine.temp{*}", ewma: {learn: 50}}
    - {name: shift, signal: "machine.temp{*}", cusum: {learn: 50}, onDelay: 5m}
    - {name: odd, signal: "machine.temp{*}", nelson: {mean: 82, sigma: 2, rules: [nelson-1, nelson-2]}}
    - {name: apart, signal: "machine.temp{id=m0}", deviation: {from: "machine.temp{id=m1}", above: 3}}
    - {name: silent, signal: "machine.temp{*}", stale: 90m}
    - {name: rig, model: rig.model, onDelay: 5m, offDelay: 5m}
    - name: cold
      signal: machine.temp{*}
      low: 79
      suppress: {signal: "machine.load{*}", below: 0.3}
  """

@Suite("alarms over a restart", .serialized)
struct RestartTests {
  private let folder = TemporaryFolder()

  /// Lines of two machines, a minute apart, in groups that a sender sends together.
  private func groups(seed: UInt64, minutes: Int) throws -> [String] {
    var random = SeededGenerator(seed: seed)
    var values = [82.0, 82.0]
    var groups: [String] = []
    for minute in 0..<minutes {
      if minute % 7 == 0 { groups.append("") }
      let time = 1_760_000_000 + 60 * minute
      for machine in values.indices {
        values[machine] += Double.random(in: -1...1, using: &random)
        values[machine] += (82 - values[machine]) * 0.04
        let load = Double.random(in: 0..<1, using: &random)
        groups[groups.count - 1] +=
          "machine,id=m\(machine) load=\(load) \(time)\n"
          + "machine,id=m\(machine) temp=\(values[machine]) \(time)\n"
      }
    }
    let text = groups.prefix(40).joined()
    try text.write(toFile: folder.file("normal.lp"), atomically: true, encoding: .utf8)
    let (code, _) = try MonitorProcess.run([
      "alarms", "learn", folder.file("normal.lp"), "--precision", "s", "--signal",
      "machine.temp{*}", "--margin", "0.5", "--out", folder.file("rig.model"),
    ])
    #expect(code == 0)
    return groups
  }

  private func journal(_ database: String) throws -> String {
    let (code, text) = try MonitorProcess.run(
      ["journal", "--database", folder.file(database), "--json"])
    #expect(code == 0)
    return text
  }

  @Test("kill -9 now and then, and what was not answered sent again: the journal of no kill")
  func killed() async throws {
    let groups = try groups(seed: 22, minutes: 1_200)
    let whole = try MonitorProcess(rules, in: folder)
    for group in groups {
      #expect(try await whole.post("/write?precision=s", group).status == 204)
    }
    whole.end(by: SIGTERM)
    let expected = try journal("gemba.sqlite")
    for name in ["hot", "rising", "drift", "shift", "odd", "apart", "rig", "cold"] {
      #expect(expected.contains("\"alarm\":\"\(name)\""), "no transition of \(name)")
    }

    let site = rules.replacing("gemba.sqlite", with: "killed.sqlite")
    var random = SeededGenerator(seed: 23)
    var monitor = try MonitorProcess(site, in: folder)
    for group in groups {
      if random.below(24) == 0 {
        // It ends somewhere between the first byte and the answer.
        let peer = try RawPeer(port: try #require(monitor.ports["http"]))
        peer.send(
          "POST /write?precision=s HTTP/1.1\r\nHost: gemba\r\n"
            + "Content-Length: \(group.utf8.count)\r\n\r\n\(group)")
        if random.below(2) == 0 { _ = peer.receive(upTo: 1) }
        monitor.end(by: SIGKILL)
        monitor = try MonitorProcess(site, in: folder)
      }
      #expect(try await monitor.post("/write?precision=s", group).status == 204)
    }
    monitor.end(by: SIGTERM)
    #expect(try journal("killed.sqlite") == expected)
  }
}
