import Foundation
import StrictYAML

/// An operators file on disk.
public struct OperatorFile: Sendable {
  public let path: String

  public init(path: String) {
    self.path = path
  }

  /// Reads it for a monitor, which must let somebody in.
  /// - Throws: `OperatorFileError`, or `YAMLError` with line and mend.
  public func read() throws -> OperatorList {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw OperatorFileError.unreadable(path: path)
    }
    let list = try OperatorList(yaml: String(decoding: data, as: UTF8.self), file: path)
    if list.operators.isEmpty { throw OperatorFileError.nobody(path: path) }
    return list
  }

  /// Changes it, in one step and readable by its owner alone; a file that is not there is empty.
  public func change(_ change: (inout OperatorList) throws -> Void) throws {
    var list = OperatorList()
    if FileManager.default.fileExists(atPath: path) {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw OperatorFileError.unreadable(path: path)
      }
      list = try OperatorList(yaml: String(decoding: data, as: UTF8.self), file: path)
    }
    try change(&list)
    let temporary = path + ".\(UUID().uuidString)"
    let isMade = FileManager.default.createFile(
      atPath: temporary, contents: Data(list.yaml.utf8), attributes: [.posixPermissions: 0o600])
    guard isMade, unsafe rename(temporary, path) == 0 else {
      try? FileManager.default.removeItem(atPath: temporary)
      throw OperatorFileError.unwritable(path: path)
    }
  }
}

/// Why an operators file cannot be used or changed.
public enum OperatorFileError: Error, Hashable, Sendable, CustomStringConvertible {
  case unreadable(path: String)
  case unwritable(path: String)
  case nobody(path: String)
  case unknown(name: String, path: String)
  case known(name: String, path: String)
  case name(String)
  case password

  public var description: String {
    switch self {
    case .unreadable(let path):
      "\(path): cannot be read; add the first operator with "
        + "gemba operators add NAME --role engineer --file \(path)"
    case .unwritable(let path): "\(path): cannot be written; look at its folder's permissions"
    case .nobody(let path):
      "\(path): nobody is in it, so nobody could log in; "
        + "gemba operators add NAME --role engineer --file \(path)"
    case .unknown(let name, let path):
      "\(path): no operator \(name) there; gemba operators list --file \(path) shows them"
    case .known(let name, let path):
      "\(path): \(name) is there already; use passwd, or remove and add again"
    case .name(let name):
      "name: found \"\(name)\", expected 1 to 80 characters without colon or spaces at the ends"
    case .password:
      "password: found fewer than \(PasswordHash.lengths.lowerBound) or more than "
        + "\(PasswordHash.lengths.upperBound) bytes, or a zero byte; take a longer one"
    }
  }
}
