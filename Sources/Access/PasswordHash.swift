import CLibCrypt

/// A password as it is stored: salted, and slow to try out.
///
/// Made and checked by libxcrypt, the library behind Debian's own logins, with its default method
/// yescrypt (Documentation/Decisions/0004-passwords.md). Any hash that `crypt(3)` of this machine
/// knows is accepted, so one from `mkpasswd` or `/etc/shadow` can be used.
public struct PasswordHash: Hashable, Sendable, CustomStringConvertible {
  /// Method, cost, salt and digest, such as `$y$j9T$…`.
  public let description: String

  /// Bytes of a password that is fit to be used.
  public static let lengths = 8...256

  /// Hashes a password with a new salt. Costs about 25 ms of processor time.
  /// - Throws: `OperatorFileError.password` when it is not fit to be used.
  public init(of password: String) throws(OperatorFileError) {
    guard Self.lengths.contains(password.utf8.count), !password.utf8.contains(0) else {
      throw .password
    }
    description = Self.digest(password, Self.newSetting(method: "$y$", cost: 0)) ?? ""
    precondition(!description.isEmpty, "libcrypt refused its own default method")
  }

  /// A hash as it was stored; nil when this machine's libcrypt does not know its method.
  public init?(stored: String) {
    guard stored.hasPrefix("$"), unsafe stored.withCString({ unsafe crypt_checksalt($0) }) == 0
    else { return nil }
    description = stored
  }

  /// A hash that is quick to check, for a password that has just been checked the slow way and is
  /// kept only in memory. Costs about 0.3 ms.
  public init(quickly password: String) {
    description = Self.digest(password, Self.newSetting(method: "$5$", cost: 1_000)) ?? ""
  }

  /// Whether this is the password that was hashed. Takes as long as hashing it did; how long does
  /// not tell how near a wrong one is.
  public func matches(_ password: String) -> Bool {
    guard let digest = Self.digest(password, description) else { return false }
    return sameBytes(digest, description)
  }

  /// crypt(3) into memory of our own; nil when the library refuses the setting.
  private static func digest(_ password: String, _ setting: String) -> String? {
    guard !setting.isEmpty, !password.utf8.contains(0) else { return nil }
    return unsafe withUnsafeTemporaryAllocation(byteCount: 32_768, alignment: 16) { memory in
      guard let base = memory.baseAddress else { return nil }
      unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: memory.count)
      defer { unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: memory.count) }
      return unsafe crypt_rn(password, setting, base, Int32(memory.count)).map {
        unsafe String(cString: $0)
      }
    }
  }

  /// A method with a new salt from the system's random numbers.
  private static func newSetting(method: String, cost: UInt) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 192) { text in
      unsafe crypt_gensalt_rn(method, cost, nil, 0, text.baseAddress, Int32(text.count)).map {
        unsafe String(cString: $0)
      } ?? ""
    }
  }
}

/// Whether two texts are the same, in a time that depends on their lengths alone.
public func sameBytes(_ a: String, _ b: String) -> Bool {
  let (a, b) = (Array(a.utf8), Array(b.utf8))
  guard a.count == b.count else { return false }
  var difference: UInt8 = 0
  for place in a.indices { difference |= a[place] ^ b[place] }
  return difference == 0
}
