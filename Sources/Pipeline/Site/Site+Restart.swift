import Plant

extension Site {
  /// Keys that say something else than when the monitor started, and count after a restart only.
  public func restartNeeded(since started: Site) -> [String] {
    let keys: [(String, Bool)] = [
      ("listen.http", http != started.http), ("listen.hj212", hj212 != started.hj212),
      ("listen.lines", lines != started.lines), ("listen.prefix", prefix != started.prefix),
      ("listen.proxies", proxies != started.proxies), ("database", database != started.database),
      ("plant", plant.name != started.plant.name),
    ]
    return keys.filter(\.1).map(\.0)
  }
}
