import Access
import FactoryModel
import Foundation
import TestSupport
import Testing

@Suite("passwords")
struct PasswordTests {
  @Test("the right password matches, another, a longer and an empty one do not")
  func matches() throws {
    let hash = try PasswordHash(of: "correct horse")
    #expect(hash.description.hasPrefix("$y$"))
    #expect(hash.matches("correct horse"))
    for wrong in ["correct hors", "correct horse ", "", "Correct horse", "correct\0horse"] {
      #expect(!hash.matches(wrong), "\(wrong)")
    }
    #expect(try PasswordHash(of: "correct horse") != hash)
  }

  @Test("a hash of another crypt method is taken, a plain text is not")
  func stored() throws {
    // From openssl passwd -6 -salt saltstring.
    let known =
      "$6$saltstring$"
      + "svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"
    #expect(PasswordHash(stored: known)?.matches("Hello world!") == true)
    #expect(PasswordHash(stored: "secret") == nil && PasswordHash(stored: "") == nil)
    #expect(PasswordHash(stored: "$nonsense$x") == nil)
  }

  @Test(
    "short, long and broken passwords are refused",
    arguments: ["", "1234567", String(repeating: "a", count: 257)])
  func refused(_ password: String) {
    #expect(throws: OperatorFileError.password) { try PasswordHash(of: password) }
    #expect(throws: OperatorFileError.password) { try PasswordHash(of: "1234567\0" + password) }
  }
}

@Suite("the operators file")
struct OperatorFileTests {
  private let folder = TemporaryFolder()

  @Test("what is written is read again, whatever the name; others cannot read the file")
  func roundTrip() throws {
    let file = OperatorFile(path: folder.file("operators.yaml"))
    let names = ["Li Wei", "李伟", "O'Brien \"Bob\" \\ #1", "- {x}", "yes"]
    for (place, name) in names.enumerated() {
      try file.change { list in
        let password = try PasswordHash(of: "password \(place)")
        list.put(Operator(name: name, role: .operator, password: password))
      }
    }
    let list = try file.read()
    #expect(Set(list.operators.map(\.name)) == Set(names))
    #expect(list["李伟"]?.password.matches("password 1") == true)
    let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    try file.change { $0.remove("yes") }
    #expect(try file.read()["yes"] == nil)
  }

  @Test("a password written plainly is refused and not repeated; nobody at all is refused")
  func faults() throws {
    let text = "operators:\n  - {name: Li, role: viewer, password: my secret word}\n"
    do {
      _ = try OperatorList(yaml: text, file: "operators.yaml")
      Issue.record("a plain password was taken")
    } catch {
      #expect("\(error)".contains("gemba operators passwd") && !"\(error)".contains("secret"))
    }
    let file = OperatorFile(path: folder.file("empty.yaml"))
    try OperatorList().yaml.write(toFile: file.path, atomically: true, encoding: .utf8)
    #expect(throws: OperatorFileError.nobody(path: file.path)) { try file.read() }
    let missing = OperatorFile(path: folder.file("missing.yaml"))
    #expect(throws: OperatorFileError.unreadable(path: missing.path)) { try missing.read() }
  }
}

@Suite("log-in attempts")
struct LoginAttemptTests {
  private func at(_ seconds: Double) -> Timestamp {
    Timestamp(seconds: 1_760_000_000) + .seconds(seconds)
  }

  @Test("five tries are free, then each failure doubles the wait, up to a quarter of an hour")
  func doubles() {
    var attempts = LoginAttempts()
    var now = at(0)
    var waits: [Duration] = []
    for _ in 0..<18 {
      let wait = attempts.wait(name: "li", address: "10.0.0.9", at: now)
      waits.append(wait ?? .zero)
      now = now + (wait ?? .zero)
      #expect(attempts.wait(name: "li", address: "10.0.0.9", at: now) == nil)
      attempts.count(name: "li", address: "10.0.0.9", at: now)
    }
    let expected = [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    #expect(waits == expected.map { .seconds($0) })
  }

  @Test("one address that tries many names is slowed down; others and other names go on")
  func manyNames() {
    var attempts = LoginAttempts()
    for number in 0..<20 { attempts.count(name: "n\(number)", address: "10.0.0.9", at: at(0)) }
    #expect(attempts.wait(name: "new", address: "10.0.0.9", at: at(0.5)) == .milliseconds(500))
    #expect(attempts.wait(name: "new", address: "10.0.0.8", at: at(0.5)) == nil)
  }

  @Test("the right password forgets the failures; so does time")
  func forgets() {
    var attempts = LoginAttempts()
    for _ in 0..<7 { attempts.count(name: "li", address: "a", at: at(0)) }
    #expect(attempts.wait(name: "li", address: "a", at: at(0)) == .seconds(4))
    attempts.forgive(name: "li", address: "a")
    #expect(attempts.wait(name: "li", address: "a", at: at(0)) == nil)
    for _ in 0..<7 { attempts.count(name: "wu", address: "b", at: at(0)) }
    attempts.count(name: "wu", address: "b", at: at(901))
    #expect(attempts.wait(name: "wu", address: "b", at: at(901)) == nil)
  }

  @Test("a hundred thousand addresses do not grow it for ever, and the newest are still known")
  func bounded() {
    var attempts = LoginAttempts()
    for number in 0..<100_000 {
      attempts.count(name: "n\(number)", address: "a\(number)", at: at(Double(number) / 1_000))
    }
    for _ in 0..<6 { attempts.count(name: "li", address: "z", at: at(101)) }
    #expect(attempts.wait(name: "li", address: "z", at: at(101)) != nil)
    #expect(attempts.size <= 10_001)
  }
}

@Suite("sessions")
struct SessionTests {
  private let start = Timestamp(seconds: 1_760_000_000)

  @Test("a session is found until its end and not after it; its tokens are its own")
  func ends() {
    var sessions = Sessions()
    let one = sessions.start(for: "Li", lasting: .seconds(60), at: start)
    let two = sessions.start(for: "Li", lasting: .seconds(60), at: start)
    #expect(Set([one.token, one.formToken, two.token, two.formToken]).count == 4)
    #expect(one.token.count == 64)
    #expect(sessions.find(one.token, at: start + .seconds(59)) == one)
    #expect(sessions.find(one.token, at: start + .seconds(60)) == nil)
    #expect(sessions.find("", at: start) == nil)
    sessions.end(two.token)
    #expect(sessions.find(two.token, at: start) == nil)
  }

  @Test("who is removed is out at once, and nobody holds more than fifty")
  func bounded() {
    var sessions = Sessions()
    let first = sessions.start(for: "Li", lasting: .seconds(1), at: start)
    let other = sessions.start(for: "Wu", lasting: .seconds(60), at: start)
    for _ in 0..<50 { _ = sessions.start(for: "Li", lasting: .seconds(60), at: start) }
    #expect(sessions.find(first.token, at: start) == nil)
    #expect(sessions.find(other.token, at: start) == other)
    sessions.keep(only: ["Li"])
    #expect(sessions.find(other.token, at: start) == nil)
  }
}
