import Imaging
import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Hands every input of libFuzzer to the decoder; a trap is a finding. `Scripts/fuzz` builds and runs
/// it.
@main
enum PNGFuzz {
  static func main() {
    var count = CommandLine.argc
    var arguments = unsafe CommandLine.unsafeArgv
    exit(unsafe runDriver(&count, &arguments, look))
  }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// The input is taken in three ways, since checksums would let hardly a changed byte through: as a
/// file; as a file whose chunks get the right checksums; as compressed data of an image.
private func look(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  compare(input)
  compare(withRightChecksums(input))
  inflate(input)
  return 0
}

private let limits = PNGLimits(maximumPixels: 1 << 18, maximumBytes: 1 << 20)

/// Both paths say the same.
private func compare(_ file: [UInt8]) {
  let fast = decoded(file, .fastWherePossible)
  precondition(fast == decoded(file, .libpngOnly), "the two paths differ")
}

private func decoded(
  _ file: [UInt8], _ path: PNGDecoder.Path
) -> Result<DecodedImage, PNGError> {
  var decoder = PNGDecoder(limits: limits, path: path)
  return Result { () throws(PNGError) in try decoder.decode(file, name: "x") }
}

private func withRightChecksums(_ file: [UInt8]) -> [UInt8] {
  var file = file
  var at = 8
  while at + 12 <= file.count {
    let length = file[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= file.count - at - 12 else { break }
    let sum = crc32(of: Array(file[at + 4..<at + 8 + length]))
    file.replaceSubrange(at + 8 + length..<at + 12 + length, with: bytes(sum))
    at += 12 + length
  }
  return file
}

/// The first byte gives the size of an image, the rest is compressed data. What our inflate takes,
/// libpng takes with our checksum and reads alike.
private func inflate(_ input: [UInt8]) {
  guard let first = input.first else { return }
  let width = 1 + Int(first & 15)
  let height = 1 + Int(first >> 4)
  let size = (width + 1) * height
  let data = Array(input.dropFirst())
  var inflater = Inflater()
  var out = [UInt8](repeating: 0, count: size + Inflater.slack)
  let padded = data + [UInt8](repeating: 0, count: Inflater.slack)
  guard
    inflater.inflate(padded, in: 0..<data.count, window: 32768, into: &out, size: size),
    (0..<height).allSatisfy({ out[$0 * (width + 1)] < 5 })
  else { return }
  let header = bytes(UInt32(width)) + bytes(UInt32(height)) + [8, 0, 0, 0, 0]
  let file =
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
    + chunk("IDAT", [0x78, 0x01] + data + bytes(adler(out[..<size]))) + chunk("IEND", [])
  compare(file)
  if case .failure(let error) = decoded(file, .libpngOnly) {
    preconditionFailure("libpng refuses what our inflate takes: \(error)")
  }
}

private func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
  let named = Array(kind.utf8) + body
  return bytes(UInt32(body.count)) + named + bytes(crc32(of: named))
}

private func bytes(_ value: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

private func adler(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  var a: UInt32 = 1
  var b: UInt32 = 0
  for byte in bytes {
    a = (a + UInt32(byte)) % 65521
    b = (b + a) % 65521
  }
  return b << 16 | a
}
