/// `spBv1.0/GROUP/KIND/NODE[/DEVICE]`.
struct SparkplugTopic: Hashable, Sendable {
  enum Kind: String, Hashable, Sendable {
    case nodeBirth = "NBIRTH"
    case nodeDeath = "NDEATH"
    case nodeData = "NDATA"
    case nodeCommand = "NCMD"
    case deviceBirth = "DBIRTH"
    case deviceDeath = "DDEATH"
    case deviceData = "DDATA"
    case deviceCommand = "DCMD"

    var isOfDevice: Bool { rawValue.hasPrefix("D") }
  }

  /// A node of a group, which has its own numbering and births.
  struct Node: Hashable, Sendable {
    var group: String
    var node: String
  }

  static let version = "spBv1.0"

  var kind: Kind
  var node: Node
  /// Nil for messages of the node itself.
  var device: String?

  /// Takes a topic apart; nil when it is none of these.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (4...5).contains(parts.count), parts[0] == Self.version,
      let kind = Kind(rawValue: String(parts[2])), kind.isOfDevice == (parts.count == 5),
      parts.allSatisfy({ !$0.isEmpty })
    else { return nil }
    self.kind = kind
    node = Node(group: String(parts[1]), node: String(parts[3]))
    device = parts.count == 5 ? String(parts[4]) : nil
  }
}

/// A message to publish.
public struct SparkplugPublication: Hashable, Sendable {
  public var topic: String
  public var payload: [UInt8]
  /// 0 or 1.
  public var qos: Int
  public var isRetained: Bool
}
