import FactoryModel
import Testing

@Suite("Signals")
struct SignalTests {
  @Test("tags of a name are sorted, and what would break the form is escaped")
  func names() throws {
    let name = SignalName(
      measurement: "machine", field: "temp", tags: [.init("line", "2"), .init("id", "m,7}")])
    #expect(name.description == "machine.temp{id=m\\,7\\},line=2}")
    #expect(try SignalPattern(name.description).name == name)
    #expect(SignalName(path: "a.b").description == "a.b")
    let odd = SignalName(path: "a{id=7}.b\\c", tags: [.init("k", "v")])
    #expect(odd.description == "a\\{id=7}.b\\\\c{k=v}")
    #expect(try SignalPattern(odd.description).name == odd)
  }

  @Test(
    "a pattern means",
    arguments: [
      ("machine.temp{id=m7}", [true, false, false]), ("machine.temp{*}", [true, true, true]),
      ("machine.temp", [false, false, true]), ("machine.temp{id=*}", [true, false, false]),
      ("machine.temp{id=m7,*}", [true, true, false]), ("machine.load{*}", [false, false, false]),
    ])
  func patterns(_ text: String, _ expected: [Bool]) throws {
    let names = [
      SignalName(path: "machine.temp", tags: [.init("id", "m7")]),
      SignalName(path: "machine.temp", tags: [.init("id", "m7"), .init("line", "2")]),
      SignalName(path: "machine.temp"),
    ]
    let pattern = try SignalPattern(text)
    #expect(names.map { pattern.matches($0) } == expected)
  }

  @Test(
    "what is no pattern is refused",
    arguments: ["", "{a=b}", "m.f{", "m.f{a}", "m.f{a=b", "m.f{=b}", "m.f{a=b}x"])
  func refused(_ text: String) {
    #expect(throws: SignalPatternError.self) { try SignalPattern(text) }
  }

  @Test("a table numbers signals and their words in order of appearance")
  func table() {
    var table = SignalTable()
    let state = table.id(of: SignalName(path: "press.state"))
    #expect(table.id(of: SignalName(path: "press.force")).index == 1)
    #expect(table.id(of: SignalName(path: "press.state")) == state)
    #expect(table.value(of: "running", in: state) == 0)
    #expect(table.value(of: "stopped", in: state) == 1)
    #expect(table.value(of: "running", in: state) == 0)
    #expect(table.texts(of: state) == ["running", "stopped"])
  }

  @Test("a value that is no number is a bad reading")
  func finite() {
    var batch = SampleBatch()
    batch.append(SignalID(index: 0), time: 0, value: .nan, quality: .good)
    batch.append(SignalID(index: 0), time: 0, value: 1, quality: .uncertain)
    #expect(batch.qualities == [.bad, .uncertain])
  }
}

@Test("people read four significant digits at most")
func fourDigits() {
  let texts: [(Double, String)] = [
    (24.000000000000004, "24"), (1.41321, "1.413"), (-0.051218, "-0.05122"), (123456, "123500"),
    (999.96, "1000"), (9999.6, "10000"), (1e-12, "0"), (0, "0"), (-30, "-30"), (.infinity, "–"),
    (0.5, "0.5"), (1000.4, "1000"),
  ]
  for (number, text) in texts { #expect(number.fourDigits == text) }
}

@Test("fixed decimals and per cent are written out, rounded half away from zero")
func fixedDigits() {
  #expect((0.0256).percent(digits: 1) == "2.6 %" && (1.0).percent(digits: 0) == "100 %")
  #expect((-0.4).fixed(digits: 0) == "0" && (-12.5).fixed(digits: 0) == "-13")
  #expect((0.05).fixed(digits: 3) == "0.050" && (7.0).fixed(digits: 2) == "7.00")
  #expect(Double.nan.percent(digits: 2) == "– %" && Double.infinity.fixed(digits: 1) == "–")
}
