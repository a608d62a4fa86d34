/// An image as it lay in the file, in gray.
///
/// Bit depths 1, 2 and 4 are spread over 0…255 (v · 255 / (2^depth − 1)); alpha is dropped; no gamma
/// is applied. Colour becomes luminance Y = (77 R + 150 G + 29 B + 128) / 256, the weights of ITU-R
/// BT.601 (0.299, 0.587, 0.114) in 256ths; for 16 bits (19595 R + 38470 G + 7471 B + 32768) / 65536.
public enum DecodedImage: Hashable, Sendable {
  case gray8(Plane)
  case gray16(WidePlane)

  /// Eight bits for the methods: an 8-bit image as it is, a 16-bit one through the window `levels`.
  public func plane(levels: Levels) -> Plane {
    switch self {
    case .gray8(let plane): plane
    case .gray16(let wide): wide.windowed(levels)
    }
  }
}
