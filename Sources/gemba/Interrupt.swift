import Dispatch
import Foundation
import Pipeline

/// Turns Ctrl-C and SIGTERM into a wish to stop: the images in hand are finished and what is done is
/// written. A second one ends the process at once.
struct Interrupt {
  let stop = StopRequest()

  init() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      let stop = stop
      source.setEventHandler {
        // What the handler holds stays alive with the process, whoever drops this value.
        _ = source
        if stop.isRequested { exit(128 + number) }
        stop.request()
        Terminal.note("gemba: finishing what is in hand; press Ctrl-C again to end at once")
      }
      source.resume()
    }
  }
}
