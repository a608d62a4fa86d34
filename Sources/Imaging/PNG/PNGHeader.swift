/// The size that the header of a PNG file claims.
public struct PNGHeader: Hashable, Sendable {
  public let width: Int
  public let height: Int

  /// Reads the first bytes of the file at `path`; nil when they are not those of a PNG, whatever the
  /// reason: who decodes the file says what is wrong with it.
  public init?(path: String) {
    guard let file = try? OpenFile(path, maximumBytes: .max) else { return nil }
    var bytes = [UInt8](repeating: 0, count: 24)
    guard (try? file.fill(&bytes)) == 24, bytes.starts(with: PNGDecoder.signature),
      bytes[12..<16].elementsEqual("IHDR".utf8)
    else { return nil }
    func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    width = number(16)
    height = number(20)
  }
}
