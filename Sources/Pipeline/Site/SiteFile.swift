import Foundation
import StrictYAML
import Telemetry

/// A site file on disk and what it says; paths in it are relative to its folder.
public struct SiteFile: Sendable {
  public let path: String
  public let site: Site

  /// Reads and checks a site file.
  /// - Throws: `SiteFileError` when it cannot be read, `YAMLError` when it says something unknown.
  public init(path: String) throws {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SiteFileError(path: path)
    }
    site = try Site(yaml: String(decoding: data, as: UTF8.self), file: path) { _ in
      throw SiteFileError(path: path)
    }
  }

  /// Where its record lies.
  var database: String { resolved(site.database) }

  /// A path of the file, seen from the working directory.
  func resolved(_ name: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    return name.hasPrefix("/") || folder.isEmpty ? name : folder + "/" + name
  }
}

/// Why a site file cannot be read.
struct SiteFileError: Error, CustomStringConvertible {
  var path: String

  var description: String {
    "\(path): cannot be read; give the path of a site file (README.md shows the smallest)"
  }
}

extension Site {
  /// How many listeners come up.
  public var listenerCount: Int { [http, hj212, lines].count { $0 != nil } }

  /// What an engineer should know before relying on this file.
  public var warnings: [String] {
    let open = [("http", http), ("hj212", hj212), ("lines", lines)].compactMap { name, address in
      address.map { (name, $0) }
    }.filter { !$0.1.isLoopback }
    return open.filter { $0.0 != "hj212" || loggers.sites == nil }.map { name, address in
      "listen, \(name): \(address) can be reached from other machines and asks for no password"
    }
  }
}
