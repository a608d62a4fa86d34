import GRDB

/// The tables, version by version. `user_version` of the file counts the steps done; a step never
/// changes once it has been released.
///
/// Samples live in `chunk`, one blob for some hundred readings of one signal, in a table with rowid
/// (blobs overflow the pages of a table without). Readings too few for a chunk are in `tail`, one
/// row for each commit whatever the number of signals: that is what makes a commit every few
/// milliseconds cheap. A signal's readings in tail rows up to its newest chunk's `sealed` are in
/// chunks already. What is written later wins over what was written earlier for the same time.
enum Schema {
  /// `GEMB`: tells our files from those of other programs.
  static let applicationID = 0x4745_4D42

  static let steps: [String] = [
    history, records, ages, actions, adjustments, memory, pictures, arrivals, heat,
  ]

  /// Brings a file to the newest version, in one transaction.
  static func migrate(_ db: Database, path: String, upTo newest: Int = steps.count) throws {
    let version = try check(db, path: path)
    guard version < newest else { return }
    try db.inTransaction {
      for step in steps[version..<newest] { try db.execute(sql: step) }
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: "PRAGMA user_version = \(newest)")
      return .commit
    }
  }

  /// The version of a file that is ours or empty.
  static func check(_ db: Database, path: String) throws -> Int {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    if application != applicationID {
      let objects = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
      guard objects == 0 && application == 0 && version == 0 else {
        throw StorageError.notARecord(path: path)
      }
    }
    guard version <= steps.count else {
      throw StorageError.newerVersion(path: path, found: version, known: steps.count)
    }
    return version
  }

  /// Version 1: signals, samples, alarm journal. Times are nanoseconds since 1970.
  private static let history = """
    CREATE TABLE signal (
      id INTEGER PRIMARY KEY, path TEXT NOT NULL, tags TEXT NOT NULL, UNIQUE (path, tags)
    );
    CREATE TABLE word (
      signal INTEGER NOT NULL, place INTEGER NOT NULL, text TEXT NOT NULL,
      PRIMARY KEY (signal, place)
    ) WITHOUT ROWID;
    CREATE TABLE chunk (
      id INTEGER PRIMARY KEY AUTOINCREMENT, signal INTEGER NOT NULL, first INTEGER NOT NULL,
      last INTEGER NOT NULL, count INTEGER NOT NULL, sealed INTEGER NOT NULL,
      step INTEGER NOT NULL, samples BLOB NOT NULL
    );
    CREATE INDEX chunk_of_signal ON chunk (signal, first, last, sealed);
    CREATE TABLE tail (id INTEGER PRIMARY KEY AUTOINCREMENT, samples BLOB NOT NULL);
    CREATE TABLE alarm_transition (
      serial INTEGER PRIMARY KEY, time INTEGER NOT NULL, alarm TEXT NOT NULL,
      signal TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL, value REAL,
      limit_value REAL, who TEXT, comment TEXT, shelved_until INTEGER
    );
    CREATE INDEX transition_of_alarm ON alarm_transition (alarm, signal, serial);
    CREATE INDEX transition_by_time ON alarm_transition (time);
    """

  /// Version 2: periods of emission data, verdicts, parts.
  private static let records = """
    CREATE TABLE period (
      signal TEXT NOT NULL, kind TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
      mean REAL, minimum REAL, maximum REAL, total REAL, converted REAL, count INTEGER NOT NULL,
      flag TEXT NOT NULL, capture REAL NOT NULL, limit_value REAL,
      PRIMARY KEY (signal, kind, start)
    );
    CREATE TABLE verdict (
      id INTEGER PRIMARY KEY, time INTEGER NOT NULL, camera TEXT NOT NULL, image TEXT NOT NULL,
      outcome TEXT NOT NULL, score REAL, threshold REAL NOT NULL, milliseconds REAL NOT NULL,
      error TEXT, defects TEXT NOT NULL, UNIQUE (camera, image, time)
    );
    CREATE INDEX verdict_by_time ON verdict (time);
    CREATE TABLE part (
      id INTEGER PRIMARY KEY, time INTEGER NOT NULL, machine TEXT NOT NULL, product TEXT NOT NULL,
      serial TEXT, is_good INTEGER NOT NULL, reason TEXT
    );
    CREATE INDEX part_by_time ON part (time);
    """

  /// Version 3: finding old chunks, and what part a verdict is about.
  private static let ages = """
    CREATE INDEX chunk_by_step ON chunk (step, last);
    ALTER TABLE verdict ADD COLUMN part TEXT;
    CREATE INDEX verdict_of_camera ON verdict (camera, time);
    """

  /// Version 4: what is to be done because alarms changed their states.
  private static let actions = """
    CREATE TABLE action (
      id INTEGER PRIMARY KEY AUTOINCREMENT, serial INTEGER NOT NULL, name TEXT NOT NULL,
      payload TEXT NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL,
      state TEXT NOT NULL, error TEXT, UNIQUE (serial, name)
    );
    CREATE INDEX action_by_state ON action (state, name, id);
    """

  /// Version 5: adjustments of the process; one transition may lead to two orders of one action.
  private static let adjustments = """
    CREATE TABLE ordered (
      id INTEGER PRIMARY KEY AUTOINCREMENT, serial INTEGER NOT NULL, name TEXT NOT NULL,
      payload TEXT NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL,
      state TEXT NOT NULL, error TEXT
    );
    INSERT INTO ordered SELECT id, serial, name, payload, attempts, due, state, error FROM action;
    DROP TABLE action;
    ALTER TABLE ordered RENAME TO action;
    CREATE INDEX action_by_state ON action (state, name, id);
    CREATE UNIQUE INDEX action_once ON action (serial, name) WHERE serial < 0;
    CREATE TABLE adjustment (
      serial INTEGER PRIMARY KEY, time INTEGER NOT NULL, name TEXT NOT NULL, alarm TEXT NOT NULL,
      signal TEXT NOT NULL, transition INTEGER NOT NULL, kind TEXT NOT NULL, output TEXT NOT NULL,
      value REAL, previous REAL, outcome TEXT NOT NULL, comment TEXT, settled INTEGER,
      order_id INTEGER
    );
    CREATE INDEX adjustment_of_action ON adjustment (name, serial);
    CREATE INDEX adjustment_of_order ON adjustment (order_id);
    """

  /// Version 6: what alarms need beside the journal to go on after a restart. `alarm` is empty for
  /// what is kept of a signal, `signal` too for what is kept of time.
  private static let memory = """
    CREATE TABLE alarm_memory (
      id INTEGER PRIMARY KEY, alarm TEXT NOT NULL, signal TEXT NOT NULL, bytes BLOB NOT NULL,
      UNIQUE (alarm, signal)
    );
    """

  /// Version 7: a small picture of a rejected part, which outlives the camera's image.
  private static let pictures = """
    CREATE TABLE picture (
      id INTEGER PRIMARY KEY, time INTEGER NOT NULL, camera TEXT NOT NULL, image TEXT NOT NULL,
      png BLOB NOT NULL, UNIQUE (camera, image, time)
    );
    CREATE INDEX picture_by_time ON picture (time);
    """

  /// Version 8: when signals were heard is kept apart from the alarms, in another form; delays and
  /// charts of a record of before begin anew. `signal` is empty for what is kept of time.
  private static let arrivals = "DELETE FROM alarm_memory;"

  /// Version 9: beside the picture, where the method saw the defects.
  private static let heat = "ALTER TABLE picture ADD COLUMN heat BLOB"
}
