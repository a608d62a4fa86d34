import AsyncHTTPClient
import FactoryModel
import Foundation
import NIOCore
import NIOHTTP1

extension AlarmAction {
  /// Makes one attempt; returns when the receiver has confirmed it.
  func carryOut(_ payload: String) async throws {
    switch way {
    case .webhook(let url, let headers):
      try await post(payload, to: url, headers)
    case .alertmanager(let url):
      let root = url.hasSuffix("/") ? String(url.dropLast()) : url
      try await post(payload, to: root + "/api/v2/alerts", [:])
    case .publish(let settings, let topic):
      try await within(timeout) { try await publish(payload, to: topic, settings) }
    case .command(let words):
      try await RunningProgram(words).run(input: payload, within: timeout)
    }
  }

  private func post(_ payload: String, to url: String, _ headers: [String: String]) async throws {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    request.headers.add(name: "User-Agent", value: "gemba")
    for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
    request.body = .bytes(ByteBuffer(string: payload))
    let status: UInt
    do {
      let limit = TimeAmount.nanoseconds(timeout.inNanoseconds)
      status = try await httpClient.execute(request, timeout: limit).status.code
    } catch {
      throw ActionFault.notReached(url: url, reason: "\(error)")
    }
    guard (200..<300).contains(status) else {
      throw ActionFault.answered(url: url, status: status)
    }
  }

  /// Connects for this one message: what a client holds back for a broker that is away would come
  /// twice after the next attempt.
  private func publish(
    _ payload: String, to topic: String, _ settings: MQTTSettings
  ) async throws {
    let broker = "\(settings.host):\(settings.port)"
    let client = try MQTTClient(settings, subscribing: [])
    defer { client.stop() }
    for await event in client.events {
      switch event {
      case .connected: try client.publish(Array(payload.utf8), to: topic)
      case .delivered: return
      case .disconnected(let reason):
        throw ActionFault.noBroker(broker: broker, reason: reason)
      case .message: client.done()
      }
    }
    throw ActionFault.noBroker(broker: broker, reason: "the connection has ended")
  }
}

/// Gives up on `body` after `limit`.
private func within(
  _ limit: Duration, _ body: @escaping @Sendable () async throws -> Void
) async throws {
  try await withThrowingTaskGroup { tasks in
    tasks.addTask(operation: body)
    tasks.addTask {
      try await Task.sleep(for: limit)
      throw ActionFault.timedOut(limit)
    }
    defer { tasks.cancelAll() }
    try await tasks.next()
    // A stream that is cancelled ends as if all had been said.
    try Task.checkCancellation()
  }
}

/// A program that is told of a transition.
private struct RunningProgram: Sendable {
  private let words: [String]

  init(_ words: [String]) {
    self.words = words
  }

  /// Returns when it has ended with code 0; one that takes longer than `limit` is killed.
  func run(input: String, within limit: Duration) async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardInput = pipe
    let (ends, continuation) = AsyncStream.makeStream(of: Int32.self)
    process.terminationHandler = { ended in
      continuation.yield(ended.terminationStatus)
      continuation.finish()
    }
    do {
      // A pipe takes 64 KiB before anybody reads, a transition is far less.
      try pipe.fileHandleForWriting.write(contentsOf: Data((input + "\n").utf8))
      try process.run()
      try pipe.fileHandleForWriting.close()
    } catch {
      throw ActionFault.cannotStart(program: words[0], reason: "\(error.localizedDescription)")
    }
    do {
      try await within(limit) {
        for await code in ends where code != 0 {
          throw ActionFault.exited(program: words[0], code: code)
        }
      }
    } catch {
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      throw error
    }
  }
}

/// Follows no redirect: what answers a redirected POST has not taken it.
private let httpClient = HTTPClient(
  eventLoopGroup: HTTPClient.defaultEventLoopGroup,
  configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))
