import CMosquitto
import Foundation
import Telemetry

/// How a broker is reached.
public struct MQTTSettings: Hashable, Sendable {
  /// Of the protocol.
  public enum Version: String, Hashable, Sendable, CaseIterable {
    case v3 = "3.1.1"
    case v5 = "5"
  }

  public var host: String
  public var port: Int
  /// Must be the same after a restart, so that the broker keeps what comes meanwhile.
  public var clientID: String
  public var user: String?
  public var password: String?
  /// File of the authorities that the broker's certificate is checked against; nil: no TLS.
  public var authorities: String?
  /// Brokers of version 5 take 3.1.1 too, unless they are told not to.
  public var version = Version.v3

  /// A broker without password and TLS.
  public init(host: String, port: Int = 1_883, clientID: String = "gemba") {
    self.host = host
    self.port = port
    self.clientID = clientID
  }
}

/// One message of a topic.
package struct MQTTMessage: Sendable {
  package var topic: String
  package var payload: [UInt8]
  /// The broker keeps it until it is acknowledged, which waits for `MQTTClient.done`.
  package var isKept: Bool
}

/// What a broker's connection tells.
package enum MQTTEvent: Sendable {
  /// Connected, also again after an interruption; subscriptions are in place.
  case connected
  /// Interrupted; the client tries again by itself, after 1 s at first and 30 s at last.
  case disconnected(reason: String)
  case message(MQTTMessage)
  /// The broker has a message that was published.
  case delivered
}

/// A connection to a broker that mends itself: libmosquitto on a thread of ours, for the library's
/// own ends for good, and without a word, when a certificate is not trusted.
///
/// The session outlives interruptions and restarts: the broker keeps messages of quality 1 for us
/// until they are acknowledged. The library queues the acknowledgement before it calls us and writes
/// it on the same thread after we return, so the call is held until the reader is done with the
/// message: one that is not on record when the process ends comes again. Of other messages a reader
/// that falls behind by `queueLength` stops the reading from the broker, so memory is bounded.
package final class MQTTClient: Sendable {
  private static let queueLength = 4_096

  /// What happens, in order, until `stop`. For one reader, who calls `done` after each message.
  package let events: AsyncStream<MQTTEvent>
  private let inbox: MQTTInbox
  private let client: Handle
  /// Signalled when the thread has ended.
  private let over = DispatchSemaphore(value: 0)

  /// Starts connecting, and subscribes with quality 1 whenever connected.
  /// - Parameter will: what the broker publishes when we are gone without a goodbye.
  /// - Throws: `MQTTError` for settings that can never work.
  package init(
    _ settings: MQTTSettings, subscribing filters: [String], will: SparkplugPublication? = nil
  ) throws {
    _ = Self.library
    let (events, continuation) = AsyncStream.makeStream(of: MQTTEvent.self)
    self.events = events
    inbox = MQTTInbox(
      filters, continuation, DispatchSemaphore(value: Self.queueLength), settings)
    let object = unsafe Unmanaged.passUnretained(inbox).toOpaque()
    guard let made = unsafe mosquitto_new(settings.clientID, false, object) else {
      throw MQTTError(settings, reason: "the client name \(settings.clientID) is not valid")
    }
    client = unsafe Handle(made)
    try configure(settings)
    if let will {
      try check(
        unsafe will.payload.withUnsafeBytes { bytes in
          unsafe mosquitto_will_set(
            made, will.topic, Int32(bytes.count), bytes.baseAddress, Int32(will.qos),
            will.isRetained)
        }, settings)
    }
    unsafe mosquitto_connect_callback_set(made, Self.onConnect)
    unsafe mosquitto_disconnect_callback_set(made, Self.onDisconnect)
    unsafe mosquitto_message_callback_set(made, Self.onMessage)
    unsafe mosquitto_publish_callback_set(made, Self.onPublish)
    unsafe mosquitto_threaded_set(made, true)
    let thread = Thread { [inbox, client, over] in
      Self.run(client, inbox)
      over.signal()
    }
    thread.name = "mqtt"
    thread.start()
  }

  /// Connects, again and again with longer pauses while that fails, until the inbox has ended.
  private static func run(_ client: Handle, _ inbox: MQTTInbox) {
    let (pointer, settings) = unsafe (client.pointer, inbox.settings)
    var pause = 1
    while inbox.beginRound() {
      // Not in the background: the library would not see that nobody listens for TLS.
      var code = unsafe connect(pointer, settings)
      while code == MOSQ_ERR_SUCCESS.code, !inbox.isEnded {
        code = unsafe mosquitto_loop(pointer, 1_000, 1)
      }
      // The goodbye that `stop` has left.
      for _ in 0..<3 where code == MOSQ_ERR_SUCCESS.code {
        code = unsafe mosquitto_loop(pointer, 100, 1)
      }
      if inbox.endRound(because: words(code)) { pause = 1 }
      inbox.rest(seconds: pause)
      pause = min(30, 2 * pause)
    }
  }

  private static func connect(_ pointer: OpaquePointer, _ settings: MQTTSettings) -> Int32 {
    var properties: OpaquePointer?
    defer { unsafe mosquitto_property_free_all(&properties) }
    if settings.version == .v5 {
      // In version 5 a session ends with its connection unless this says never.
      let code = unsafe mosquitto_property_add_int32(
        &properties, Int32(MQTT_PROP_SESSION_EXPIRY_INTERVAL.rawValue), UInt32.max)
      guard code == MOSQ_ERR_SUCCESS.code else { return code }
    }
    return unsafe mosquitto_connect_bind_v5(
      pointer, settings.host, Int32(settings.port), 30, nil, properties)
  }

  private static let library: Int32 = mosquitto_lib_init()

  private func configure(_ settings: MQTTSettings) throws {
    let pointer = unsafe client.pointer
    if settings.version == .v5 {
      try check(
        unsafe mosquitto_int_option(pointer, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5), settings)
    }
    if let user = settings.user {
      try check(unsafe mosquitto_username_pw_set(pointer, user, settings.password), settings)
    }
    if let authorities = settings.authorities {
      try check(
        unsafe mosquitto_tls_set(pointer, authorities, nil, nil, nil, nil), settings)
    }
  }

  private func check(_ code: Int32, _ settings: MQTTSettings) throws {
    guard code != MOSQ_ERR_SUCCESS.code else { return }
    throw MQTTError(settings, reason: Self.words(code))
  }

  /// The reader has dealt with a message; one that the broker keeps is acknowledged.
  package func done(_ message: MQTTMessage) {
    (message.isKept ? inbox.turn : inbox.room).signal()
  }

  /// Hands a message to the broker, or to the queue while it is away.
  /// - Throws: `MQTTError` for a topic or size that no broker takes.
  package func publish(
    _ payload: [UInt8], to topic: String, quality: Int32 = 1, isRetained: Bool = false
  ) throws {
    let code = unsafe payload.withUnsafeBytes { bytes in
      unsafe mosquitto_publish(
        client.pointer, nil, topic, Int32(bytes.count), bytes.baseAddress, quality, isRetained)
    }
    // Without a connection the library keeps messages of quality 1 for later.
    guard code == MOSQ_ERR_SUCCESS.code || code == MOSQ_ERR_NO_CONN.code else {
      throw MQTTError(inbox.settings, reason: "\(topic): \(Self.words(code))")
    }
  }

  /// Says goodbye to the broker and ends `events`.
  package func stop() {
    guard inbox.end() else { return }
    unsafe mosquitto_disconnect(client.pointer)
    // One that waits for a broker's answer ends by itself once that has come or not.
    _ = over.wait(timeout: .now() + .seconds(2))
  }

  deinit { stop() }

  /// Whether a text can be subscribed to.
  package static func isFilter(_ text: String) -> Bool {
    unsafe mosquitto_sub_topic_check(text) == MOSQ_ERR_SUCCESS.code
  }

  /// Whether a filter means a topic.
  package static func matches(_ topic: String, filter: String) -> Bool {
    var result = false
    let code = unsafe mosquitto_topic_matches_sub(filter, topic, &result)
    return code == MOSQ_ERR_SUCCESS.code && result
  }

  private static func words(_ code: Int32) -> String {
    if code == MOSQ_ERR_ERRNO.code { return unsafe String(cString: strerror(errno)) }
    return unsafe String(cString: mosquitto_strerror(code))
  }
}

// MARK: callbacks, on the library's thread

extension MQTTClient {
  private static let onConnect:
    @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, Int32) -> Void = {
      client, object, code in
      guard let inbox = unsafe MQTTInbox.from(object) else { return }
      guard code == 0 else {
        let words =
          unsafe inbox.settings.version == .v5
          ? mosquitto_reason_string(code) : mosquitto_connack_string(code)
        inbox.tell(
          .disconnected(reason: unsafe words.map { unsafe String(cString: $0) } ?? "\(code)"))
        return
      }
      for filter in inbox.filters { unsafe mosquitto_subscribe(client, nil, filter, 1) }
      inbox.tell(.connected)
    }

  private static let onDisconnect:
    @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, Int32) -> Void = { _, object, code in
      guard code != 0 else { return }
      unsafe MQTTInbox.from(object)?.tell(.disconnected(reason: words(code)))
    }

  private static let onMessage:
    @convention(c) (
      OpaquePointer?, UnsafeMutableRawPointer?, UnsafePointer<mosquitto_message>?
    ) -> Void = { _, object, message in
      guard let inbox = unsafe MQTTInbox.from(object), let message = unsafe message?.pointee,
        let topic = unsafe message.topic
      else { return }
      let bytes = unsafe UnsafeRawBufferPointer(
        start: message.payload, count: Int(message.payloadlen))
      inbox.take(
        MQTTMessage(
          topic: unsafe String(cString: topic), payload: unsafe Array(bytes),
          isKept: unsafe message.qos > 0))
    }

  private static let onPublish:
    @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, Int32) -> Void = { _, object, _ in
      unsafe MQTTInbox.from(object)?.tell(.delivered)
    }
}

/// The library's client; it is safe to use from any thread.
@safe private final class Handle: @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) {
    unsafe self.pointer = pointer
  }

  deinit { unsafe mosquitto_destroy(pointer) }
}

extension mosq_err_t {
  fileprivate var code: Int32 { rawValue }
}

/// Why a broker cannot be used.
package struct MQTTError: Error, CustomStringConvertible {
  package var broker: String
  package var reason: String

  init(_ settings: MQTTSettings, reason: String) {
    broker = "\(settings.host):\(settings.port)"
    self.reason = reason
  }

  package var description: String { "mqtt broker \(broker): \(reason)" }
}
