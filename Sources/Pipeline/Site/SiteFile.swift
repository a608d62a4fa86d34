import Alarms
import FactoryModel
import Foundation
import Plant
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
    let mend = "give the path of a site file (README.md shows the smallest)"
    site = try Site(yaml: try Self.text(path, mend: mend), file: path) { name in
      let model = Self.resolved(name, beside: path)
      let text = try Self.text(model, mend: "make it with gemba alarms learn")
      return try PrincipalModel(yaml: text, file: model)
    }
  }

  /// Where its record lies.
  public var database: String { resolved(site.database) }

  /// Where its operators file lies, nil when nobody logs in.
  public var operators: String? { site.operators.map(resolved) }

  /// Where each camera writes its images, by its name.
  public var cameraFolders: [String: String] {
    Dictionary(site.plant.cameras.map { ($0.name, resolved($0.folder)) }) { first, _ in first }
  }

  /// A path of the file, seen from the working directory.
  func resolved(_ name: String) -> String { Self.resolved(name, beside: path) }

  private static func resolved(_ name: String, beside path: String) -> String {
    PathText.resolved(name, in: PathText.folder(of: path))
  }

  private static func text(_ path: String, mend: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SiteFileError(path: path, mend: mend)
    }
    return String(decoding: data, as: UTF8.self)
  }
}

/// Why a site file, or one that it names, cannot be read.
struct SiteFileError: Error, CustomStringConvertible {
  var path: String
  var mend: String

  var description: String { "\(path): cannot be read; \(mend)" }
}

extension Site {
  /// Of the alarm rules, by their names.
  public var priorities: [String: AlarmPriority] {
    Dictionary(rules.map { ($0.name, $0.priority) }) { first, _ in first }
  }

  /// How many listeners come up.
  public var listenerCount: Int { [http, hj212, lines].count { $0 != nil } }

  /// What an engineer should know before relying on this file.
  public var warnings: [String] {
    let open = [("http", http), ("hj212", hj212), ("lines", lines)].compactMap { name, address in
      address.map { (name, $0) }
    }.filter { !$0.1.isLoopback }
    let reached = open.filter { $0.0 != "hj212" || loggers.sites == nil }.map { name, address in
      let place = "listen, \(name): \(address) can be reached from other machines and"
      return name == "http" && operators != nil
        ? "\(place) passwords travel unencrypted; put a proxy with https in front"
        : "\(place) asks for no password"
    }
    let unarmed = actions.filter { $0.adjustment.map { !isArmed($0) } ?? false }.map { action in
      "actions, \(action.name): not armed, so its writes go to the journal only; armed: true at the "
        + "top of the site file arms it"
    }
    return reached + unarmed
  }
}
