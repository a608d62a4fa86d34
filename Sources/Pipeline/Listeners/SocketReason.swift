import Foundation
import NIOCore
import NIOPosix

/// What the error of a socket means, for messages: `nobody listens there`.
func socketReason(of error: any Error) -> String {
  if let error = error as? NIOConnectionError {
    return error.connectionErrors.first.map { socketReason(of: $0.error) }
      ?? "the name \(error.host) is not known"
  }
  if case .connectTimeout = error as? ChannelError { return "no answer" }
  return switch (error as? IOError)?.errnoCode {
  case EADDRINUSE: "another program does already"
  case EADDRNOTAVAIL: "this machine does not have that address"
  case EACCES: "this user may not"
  case ECONNREFUSED: "nobody listens there"
  case ECONNRESET, EPIPE: "it broke the connection"
  case EHOSTUNREACH, ENETUNREACH: "no way leads there"
  case ETIMEDOUT: "no answer"
  default: "\(error)"
  }
}
