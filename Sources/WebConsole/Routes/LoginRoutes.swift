import Access
import FactoryModel
import Hummingbird
import Pipeline

/// Coming in and going out on the page.
struct LoginRoutes {
  let gate: Gate
  let plant: String
  let prefix: String
  let proxies: [String]

  func add(to router: Router<ConsoleContext>) {
    router.get("login") { request, _ in
      guard await gate.operators != nil else { return home(request) }
      return page(request, message: nil)
    }
    router.post("login") { request, context in try await logIn(request, context) }
    router.post("logout") { request, context in try await logOut(request, context) }
  }

  private struct Form: Decodable {
    var name: String
    var password: String
  }

  private func logIn(_ request: Request, _ context: ConsoleContext) async throws -> Response {
    guard await gate.operators != nil else { return home(request) }
    guard let form: Form = try await request.form() else {
      throw RequestFault.badRequest("send name and password as a form")
    }
    let client = Client(of: request, peer: context.peer, proxies: proxies)
    let now = Timestamp.now
    do {
      let session = try await gate.logIn(
        name: form.name, password: form.password, from: client.address, at: now)
      var response = home(request)
      response.headers[.setCookie] = SessionCookie.made(
        session, port: context.port, prefix: prefix, isSecure: client.isSecure, at: now)
      return response
    } catch {
      var response = page(request, name: form.name, message: error)
      response.status = error.fault.status
      return response
    }
  }

  private func logOut(_ request: Request, _ context: ConsoleContext) async throws -> Response {
    struct Form: Decodable { var csrf: String }
    if let session = context.visitor.session {
      let form: Form? = try await request.form()
      guard let form, sameBytes(form.csrf, session.formToken) else {
        throw RequestFault(status: .forbidden, message: "csrf: not this session's token")
      }
      await gate.logOut(session)
    }
    var response = home(request)
    response.headers[.setCookie] = SessionCookie.ended(port: context.port, prefix: prefix)
    return response
  }

  private func home(_ request: Request) -> Response {
    Response(
      status: .seeOther, headers: [.location: "./?lang=\(request.language.rawValue)"])
  }

  private func page(
    _ request: Request, name: String = "", message: LoginRefusal?
  ) -> Response {
    let key: String? =
      switch message {
      case .wrong: "wrongPassword"
      case .wait: "tooManyTries"
      case nil: nil
      }
    let language = request.language
    return Reply.page(
      PackageResources.login_html, in: language,
      values: [
        "plant": plant, "name": name,
        "message": key.flatMap { Catalogue.texts(in: language)[$0] } ?? "",
      ])
  }
}

extension Request {
  /// The language of `?lang=`.
  var language: Language { Language(query: uri.queryParameters["lang"].map(String.init)) }

  /// The body of a form, nil when it is none.
  fileprivate func form<Form: Decodable>() async throws -> Form? {
    let body = try await body.collect(upTo: 4_096)
    return try? URLEncodedFormDecoder().decode(Form.self, from: String(buffer: body))
  }
}
