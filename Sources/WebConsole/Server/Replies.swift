import Alarms
import Foundation
import Hummingbird
import Storage

/// Answers in the forms the console gives: JSON, text, a file of the page, an error.
enum Reply {
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    bytes(
      try encode(value), type: "application/json; charset=utf-8", status: status)
  }

  /// JSON that is text already.
  static func json(text: String) -> Response {
    bytes(text.utf8, type: "application/json; charset=utf-8")
  }

  /// JSON with its keys in order, so that the same answer is the same bytes.
  static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    return try encoder.encode(value)
  }

  static func error(_ message: String, status: HTTPResponse.Status) -> Response {
    (try? json(ErrorAnswer(error: message), status: status)) ?? Response(status: status)
  }

  /// What went wrong, under the status that says whose turn it is.
  static func fault(_ fault: any Error) -> Response {
    switch fault {
    case let fault as RequestFault: error(fault.message, status: fault.status)
    case let fault as any HTTPResponseError:
      error(fault.status.reasonPhrase, status: fault.status)
    case OperatorActionError.unknownAlarm: error("\(fault)", status: .notFound)
    case is OperatorActionError: error("\(fault)", status: .conflict)
    case is StorageError: error("\(fault)", status: .serviceUnavailable)
    default: error("\(fault)", status: .internalServerError)
    }
  }

  static func bytes(
    _ bytes: some Sequence<UInt8>, type: String, status: HTTPResponse.Status = .ok
  ) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = type
    headers[.cacheControl] = "no-store"
    return Response(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}

/// A request that cannot be answered, with the status that says why.
struct RequestFault: Error {
  var status: HTTPResponse.Status
  var message: String

  static func badRequest(_ message: String) -> RequestFault {
    RequestFault(status: .badRequest, message: message)
  }
}
