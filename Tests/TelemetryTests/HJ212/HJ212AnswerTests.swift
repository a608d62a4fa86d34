import FactoryModel
import Telemetry
import Testing

@Suite("HJ 212 answers, parts and requests")
struct HJ212AnswerTests {
  private let site = HJ212Address(site: "S1", station: "31", password: "123456")
  private let time = "DataTime=20260301160000"

  /// `CN QN Flag data` of every packet in a text.
  private func messages(_ text: String) -> [String] {
    text.split(separator: "##").map { message in
      func item(_ key: String) -> String {
        message.split(separator: ";").map { $0.drop { "0123456789".contains($0) } }
          .first { $0.hasPrefix("\(key)=") }
          .map { String($0.dropFirst(key.count + 1)) } ?? "-"
      }
      let data = String(message.dropLast(5)).components(between: "&&", and: "&&")
      return "\(item("CN")) \(item("QN")) \(item("Flag")) \(data)"
    }
  }

  @Test("an upload that wants it gets one 9014 with its QN, the version bits and no data")
  func acknowledged() {
    var bench = Bench()
    for flag in [0, 4, 8] {
      #expect(bench.feed(upload("\(time);a-Rtd=1", flag: flag)).isEmpty)
      let answer = bench.feed(upload("\(time);a-Rtd=1", flag: flag | 1))
      let segment =
        "QN=20260301080000123;ST=91;CN=9014;PW=123456;MN=S1;Flag=\(flag);CP=&&&&"
      #expect(answer == packet(segment))
    }
    #expect(bench.receiver.counts.packets == 6)
  }

  @Test("a notice gets 9013; a packet of 2005 gets its QN back in the data area")
  func otherAnswers() {
    var bench = Bench()
    #expect(
      messages(bench.feed(upload("", command: 1_013))) == ["9013 20260301080000123 4 "])
    let old = packet("ST=31;CN=2011;PW=1;MN=S1;Flag=1;CP=&&\(time);QN=20260301160000000;a-Rtd=1&&")
    #expect(
      bench.feed(old)
        == packet("ST=91;CN=9014;PW=1;MN=S1;Flag=0;CP=&&QN=20260301160000000&&"))
  }

  @Test("parts that read alone are recorded at once and answered each")
  func partsAlone() {
    var bench = Bench()
    let first = bench.feed(upload("\(time);a-Rtd=1,a-Flag=N", flag: 7, parts: "PNUM=2;PNO=1;"))
    #expect(bench.values == ["a-Rtd=1.0"])
    let second = bench.feed(upload("\(time);b-Rtd=2,b-Flag=N", flag: 7, parts: "PNUM=2;PNO=2;"))
    #expect(bench.values == ["a-Rtd=1.0", "b-Rtd=2.0"])
    #expect(messages(first + second).count == 2)
    #expect(bench.receiver.deadline == nil)
    #expect(bench.receiver.counts.refused == 0)
  }

  @Test("wherever the text of a reading was cut, its parts give it whole in any order")
  func partsCut() {
    let text = "\(time);a21026-Rtd=12.5,a21026-Flag=N;b-Rtd=2,b-Flag=D;c-Rtd=3"
    var whole = Bench()
    whole.feed(upload(text))
    let all = Set(whole.samples)
    for cut in time.count + 1..<text.count {
      let parts = [String(text.prefix(cut)), String(text.dropFirst(cut))].enumerated().map {
        upload($1, flag: 7, parts: "PNUM=2;PNO=\($0 + 1);")
      }
      for order in [[0, 1], [1, 0]] {
        var bench = Bench()
        for place in order { bench.feed(parts[place]) }
        // A value torn by the cut is recorded again whole; the last one counts.
        var last: [Substring: String] = [:]
        for sample in bench.samples { last[sample.prefix { $0 != "}" }] = sample }
        #expect(Set(last.values) == all, "cut at \(cut), order \(order): \(bench.samples)")
        #expect(bench.receiver.counts.refused == 0)
        #expect(bench.receiver.deadline == nil)
      }
    }
  }

  @Test("parts whose neighbours never come: what reads is kept, the rest is refused")
  func partsLost() {
    var bench = Bench()
    bench.feed(upload("\(time);a-Rtd=1;b-R", flag: 6, parts: "PNUM=3;PNO=1;"), at: 0)
    bench.feed(upload("d-Rtd=4", flag: 6, parts: "PNUM=3;PNO=3;"), at: 1)
    #expect(bench.values.isEmpty)
    #expect(bench.receiver.deadline == Bench.start + .seconds(10))
    bench.advance(to: 10)
    #expect(bench.values == ["a-Rtd=1.0"])
    #expect(bench.receiver.counts[.brokenParts] == 1)
    #expect(bench.receiver.takeDamages() == [.brokenParts(missing: 1)])
  }

  @Test("numbered records of a history reply are recorded one by one")
  func history() {
    var bench = Bench()
    for number in [2, 1, 3] {
      bench.feed(
        upload(
          "DataTime=2026030116000\(number);a-Avg=\(number)", flag: 7, command: 2_051,
          parts: "PNUM=3;PNO=\(number);"))
    }
    #expect(bench.batch.values == [2, 1, 3])
    bench.advance(to: 20)
    #expect(bench.batch.count == 3)
    #expect(bench.receiver.counts.refused == 0)
  }

  private func answer(_ command: Int, _ qn: String, _ data: String) -> String {
    packet("QN=\(qn);ST=91;CN=\(command);PW=123456;MN=S1;Flag=4;CP=&&\(data)&&")
  }

  @Test("a request is accepted, its data come, and it is done")
  func request() {
    var bench = Bench()
    let from = Bench.start - .seconds(3_600)
    let (qn, bytes) = bench.receiver.ask(
      .minutes(from: from, to: Bench.start), of: site, at: Bench.start)
    #expect(qn == "20260301160000000")
    #expect(
      messages(String(decoding: bytes, as: UTF8.self)) == [
        "2051 20260301160000000 5 BeginTime=20260301150000,EndTime=20260301160000"
      ])
    bench.feed(answer(9_011, qn, "QnRtn=1"), at: 1)
    bench.feed(upload("\(time);a-Avg=1", command: 2_051), at: 2)
    #expect(bench.receiver.takeOutcomes().isEmpty)
    bench.feed(answer(9_012, qn, "ExeRtn=1"), at: 3)
    #expect(bench.receiver.takeOutcomes().map(\.result) == [.done])
    #expect(bench.values == ["a-Avg=1.0"])
    #expect(bench.receiver.deadline == nil)
  }

  @Test(
    "a request ends as the site says",
    arguments: [
      ("QnRtn=3", "", HJ212Outcome.Result.refused(code: 3)),
      ("QnRtn=1", "ExeRtn=100", .failed(code: 100)), ("QnRtn=1", "", .notFinished),
    ])
  func requestEnds(_ first: String, _ second: String, _ result: HJ212Outcome.Result) {
    var bench = Bench()
    let time = Bench.start + .seconds(5)
    let (qn, _) = bench.receiver.ask(.setTime(time), of: site, at: Bench.start)
    bench.feed(answer(9_011, qn, first), at: 1)
    if !second.isEmpty { bench.feed(answer(9_012, qn, second), at: 2) }
    bench.advance(to: 61)
    #expect(bench.receiver.takeOutcomes().map(\.result) == [result])
  }

  @Test("a request without an answer is sent again three times, every ten seconds")
  func resends() {
    var bench = Bench()
    let (qn, bytes) = bench.receiver.ask(.current, of: site, at: Bench.start)
    let (other, _) = bench.receiver.ask(.current, of: site, at: Bench.start)
    #expect(qn != other)
    bench.feed(answer(9_011, other, "QnRtn=2"))
    var sent: [Int] = []
    for second in 1...60 where !bench.advance(to: second).isEmpty { sent.append(second) }
    #expect(sent == [10, 20, 30])
    #expect(bench.receiver.takeOutcomes().map(\.result) == [.refused(code: 2), .noAnswer])
    #expect(messages(String(decoding: bytes, as: UTF8.self)) == ["2011 \(qn) 5 "])
  }
}

extension String {
  fileprivate func components(between start: String, and end: String) -> String {
    guard let first = ranges(of: start).first, let last = ranges(of: end).last else { return "" }
    return String(self[first.upperBound..<last.lowerBound])
  }
}
