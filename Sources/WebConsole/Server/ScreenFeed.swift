import Foundation
import NIOCore
import Pipeline
import Plant

/// The screen as one server-sent event a second, made once however many screens are open.
actor ScreenFeed {
  private let monitor: LineMonitor
  private var newest = ByteBuffer()
  private var followers: [Int: AsyncStream<ByteBuffer>.Continuation] = [:]
  private var nextFollower = 0
  private var figures: (made: ContinuousClock.Instant, figures: ShiftFigures)?

  init(_ monitor: LineMonitor) {
    self.monitor = monitor
  }

  /// Makes an event each second until cancelled.
  func run() async {
    while !Task.isCancelled {
      if !followers.isEmpty { await send() }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  /// Ends every open screen's stream, so that its connection can close.
  func end() {
    for follower in followers.values { follower.finish() }
  }

  /// Events from now on, the first at once. A reader that falls behind skips events.
  func follow() async -> AsyncStream<ByteBuffer> {
    let number = nextFollower
    nextFollower += 1
    let (stream, continuation) = AsyncStream.makeStream(
      of: ByteBuffer.self, bufferingPolicy: .bufferingNewest(1))
    continuation.onTermination = { _ in Task { await self.leave(number) } }
    followers[number] = continuation
    if let event = await makeEvent() { continuation.yield(event) }
    return stream
  }

  /// All that the screen shows now; the shift's figures are at most five seconds old.
  func screen() async -> ScreenAnswer {
    let now = ContinuousClock.now
    let current: ShiftFigures
    if let kept = figures, now - kept.made < .seconds(5) {
      current = kept.figures
    } else {
      current = await ShiftFigures(monitor)
      figures = (now, current)
    }
    return await ScreenAnswer(monitor, current)
  }

  private func leave(_ number: Int) {
    followers[number] = nil
  }

  private func send() async {
    guard let event = await makeEvent() else { return }
    for follower in followers.values { follower.yield(event) }
  }

  private func makeEvent() async -> ByteBuffer? {
    guard let data = try? Reply.encode(await screen()) else { return nil }
    var buffer = ByteBuffer()
    buffer.writeString("event: screen\ndata: ")
    buffer.writeBytes(data)
    buffer.writeString("\n\n")
    return buffer
  }
}
