import FactoryModel
import Imaging
import Telemetry
import TestSupport
import Testing

@Suite("HJ 212: the site's end")
struct HJ212SiteTests {
  private let start = Bench.start
  private let address = HJ212Address(site: "S1")

  private func upload(
    _ kind: HJ212Upload.Kind = .hour, hour: Int = 0, factors: Int = 2
  ) -> HJ212Upload {
    HJ212Upload(
      kind: kind, time: start + .seconds(3_600 * hour),
      factors: (0..<factors).map { place in
        .init(
          code: "a2100\(place)",
          fields: [.init("Min", 1.5), .init("Avg", Double(hour) + 0.25), .init("Cou", 1e-7)])
      })
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test("an upload is read by a centre as it was meant, and its answer ends it")
  func roundTrip() {
    var site = HJ212Site(address: address)
    var centre = Bench()
    site.upload(upload(), at: start)
    #expect(site.waiting == 1)
    let answer = centre.feed(site.advance(to: start))
    #expect(
      centre.samples == [
        "hj212.a21000-Min{mn=S1,period=hour}=1.5 good 2026-03-01T08:00:00Z",
        "hj212.a21000-Avg{mn=S1,period=hour}=0.25 good 2026-03-01T08:00:00Z",
        "hj212.a21000-Cou{mn=S1,period=hour}=0.0 good 2026-03-01T08:00:00Z",
        "hj212.a21001-Min{mn=S1,period=hour}=1.5 good 2026-03-01T08:00:00Z",
        "hj212.a21001-Avg{mn=S1,period=hour}=0.25 good 2026-03-01T08:00:00Z",
        "hj212.a21001-Cou{mn=S1,period=hour}=0.0 good 2026-03-01T08:00:00Z",
      ])
    #expect(site.receive(Array(answer.utf8), at: start + .seconds(1)).isEmpty)
    #expect(site.waiting == 0 && site.deadline == nil)
    #expect(site.takeOutcomes().map(\.result) == [.delivered])
  }

  @Test("without an answer it is sent again, the same bytes, three times, and then given up")
  func resends() {
    var site = HJ212Site(address: address)
    site.upload(upload(), at: start)
    let first = site.advance(to: start)
    #expect(site.deadline == start + .seconds(10))
    #expect(site.advance(to: start + .seconds(9)).isEmpty)
    for resend in 1...3 { #expect(site.advance(to: start + .seconds(10 * resend)) == first) }
    #expect(site.takeOutcomes().isEmpty)
    #expect(site.advance(to: start + .seconds(40)).isEmpty)
    #expect(site.takeOutcomes().map(\.result) == [.noAnswer])
    #expect(site.waiting == 0)
  }

  @Test("many factors go as parts of at most 950 bytes, each of which is answered")
  func parts() throws {
    var site = HJ212Site(address: address)
    var centre = Bench()
    site.upload(upload(factors: 60), at: start)
    let bytes = site.advance(to: start)
    let packets = text(bytes).split(separator: "##")
    #expect(packets.count == 5)
    #expect(packets[1].contains(";Flag=7;PNUM=5;PNO=2;CP=&&DataTime=20260301160000;a210"))
    for packet in packets {
      #expect(packet.drop { $0 != "&" }.prefix { $0 != "\r" }.utf8.count <= 950 + 8)
    }
    let answers = centre.feed(bytes)
    #expect(centre.batch.count == 180)
    let half = answers.utf8.count / 2
    _ = site.receive(Array(answers.utf8.prefix(half)), at: start)
    #expect(site.waiting == 1)
    _ = site.receive(Array(answers.utf8.dropFirst(half)), at: start)
    #expect(site.takeOutcomes().map(\.result) == [.delivered])
  }

  @Test("no more packets are on their way than the window allows")
  func window() {
    var site = HJ212Site(address: address, window: 3)
    var centre = Bench()
    for hour in 0..<10 { site.upload(upload(hour: hour), at: start) }
    var output = site.advance(to: start)
    var sent: [Int] = []
    while !output.isEmpty {
      sent.append(text(output).split(separator: "##").count)
      output = site.receive(Array(centre.feed(output).utf8), at: start)
    }
    #expect(sent == [3, 3, 3, 1] && site.takeOutcomes().count == 10)
  }

  @Test("a line that loses packets and answers loses no upload", arguments: propertySeeds)
  func lossy(_ seed: UInt64) {
    var numbers = SeededGenerator(seed: seed)
    var settings = HJ212Settings()
    settings.resends = 40
    var site = HJ212Site(address: address, settings: settings, window: 4)
    var centre = Bench()
    for hour in 0..<30 { site.upload(upload(hour: hour), at: start) }
    var seconds = 0
    var outcomes: [HJ212Upload] = []
    while site.waiting > 0, seconds < 100_000 {
      var output = site.advance(to: start + .seconds(seconds))
      if Int.random(in: 0..<50, using: &numbers) == 0 {
        output = site.reconnect(at: start + .seconds(seconds))
        centre.receiver = HJ212Receiver()
        centre.signals = SignalTable()
      }
      var arrived = output
      if !arrived.isEmpty, Int.random(in: 0..<3, using: &numbers) == 0 {
        arrived[Int.random(in: 0..<arrived.count, using: &numbers)] ^= 1
      }
      let answer = centre.feed(arrived, at: seconds)
      if Int.random(in: 0..<3, using: &numbers) > 0 {
        _ = site.receive(Array(answer.utf8), at: start + .seconds(seconds))
      }
      outcomes += site.takeOutcomes().filter { $0.result == .delivered }.map(\.upload)
      seconds += 1
    }
    #expect(outcomes.count == 30 && Set(outcomes).count == 30, "seed \(seed)")
    let times = Set(centre.batch.times)
    #expect(times.isSuperset(of: outcomes.map(\.time.nanoseconds)), "seed \(seed)")
  }

  @Test("a broken connection sends again what had no answer")
  func reconnect() {
    var site = HJ212Site(address: address)
    site.upload(upload(), at: start)
    let first = site.advance(to: start)
    #expect(site.reconnect(at: start + .seconds(3)) == first)
    #expect(site.deadline == start + .seconds(13))
  }

  @Test("what the centre asks for is answered, carried out and done")
  func requests() throws {
    var site = HJ212Site(address: address)
    var centre = Bench()
    let (from, to) = (start, start + .seconds(7_200))
    let (qn, bytes) = centre.receiver.ask(.hours(from: from, to: to), of: address, at: start)
    let ready = site.receive(bytes, at: start)
    #expect(text(ready).contains("CN=9011") && text(ready).contains("QnRtn=1"))
    centre.feed(ready)
    let request = try #require(site.takeRequests().first)
    #expect(request.qn == qn && request.request == .hours(from: from, to: to))
    centre.feed(site.answer(request, with: [upload(hour: 0), upload(hour: 1)]))
    #expect(centre.batch.count == 12)
    #expect(centre.receiver.takeOutcomes().map(\.result) == [.done])
    // Nothing to send.
    let again = centre.receiver.ask(.days(from: from, to: to), of: address, at: start)
    centre.feed(site.receive(again.bytes, at: start))
    centre.feed(site.answer(try #require(site.takeRequests().first), with: []))
    #expect(centre.receiver.takeOutcomes().map(\.result) == [.failed(code: 100)])
  }

  @Test("requests for another site, with another password or unknown are refused")
  func refused() {
    for (other, request, code) in [
      (HJ212Address(site: "S2"), HJ212Request.current, 4),
      (HJ212Address(site: "S1", password: "000000"), .current, 3),
    ] {
      var site = HJ212Site(address: address)
      var centre = Bench()
      centre.feed(
        site.receive(centre.receiver.ask(request, of: other, at: start).bytes, at: start))
      #expect(centre.receiver.takeOutcomes().map(\.result) == [.refused(code: code)])
      #expect(site.takeRequests().isEmpty)
    }
    var site = HJ212Site(address: address)
    let unknown = packet("QN=1;ST=31;CN=3019;PW=123456;MN=S1;Flag=5;CP=&&&&")
    #expect(text(site.receive(Array(unknown.utf8), at: start)).contains("QnRtn=8"))
  }

  @Test("recorded periods become an upload in the standard's units")
  func recorded() {
    func row(_ factor: String, _ mean: Double, _ flag: PeriodFlag = .normal) -> PeriodValue {
      PeriodValue(
        signal: SignalName(path: "emission.\(factor)", tags: [.init("outlet", "a")]), kind: .hour,
        start: start, end: start + .seconds(3_600), mean: mean, minimum: mean, maximum: mean,
        total: 2, converted: factor == "a21026" ? 30 : nil, count: 60, flag: flag)
    }
    var site = HJ212Site(address: address)
    let upload = HJ212Upload([row("a21026", 21), row("a00000", 180_000, .tooFew)])
    site.upload(upload!, at: start)
    let sent = text(site.advance(to: start))
    #expect(
      sent.contains(
        "CP=&&DataTime=20260301160000;"
          + "a21026-Min=21,a21026-Avg=21,a21026-Max=21,a21026-ZsAvg=30,a21026-Cou=2,a21026-Flag=N;"
          + "a00000-Min=50,a00000-Avg=50,a00000-Max=50,a00000-Cou=2,a00000-Flag=D&&"))
    #expect(HJ212Upload([]) == nil)
  }
}
