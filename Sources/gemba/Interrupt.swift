import Dispatch
import Foundation
import Pipeline

/// Turns Ctrl-C into a wish to stop: the images in hand are finished and what is done is written.
/// A second Ctrl-C ends the process at once.
struct Interrupt {
  let stop = StopRequest()

  init() {
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    let stop = stop
    source.setEventHandler {
      // What the handler holds stays alive with the process, whoever drops this value.
      _ = source
      if stop.isRequested { exit(130) }
      stop.request()
      Terminal.note("gemba: finishing what is in hand; press Ctrl-C again to end at once")
    }
    source.resume()
  }
}
