import CLibDeflate

/// Bodies that agents send compressed (RFC 1952), through libdeflate.
public enum Gzip {
  /// What `bytes` unpack to: all members one after the other; nil when they are not gzip, are cut
  /// short or damaged, or unpack to more than `limit` bytes.
  public static func unpack(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    guard let decompressor = unsafe libdeflate_alloc_decompressor() else { return nil }
    defer { unsafe libdeflate_free_decompressor(decompressor) }
    var plain: [UInt8] = []
    var position = 0
    while position < bytes.count {
      guard
        let (member, used) = unsafe unpackMember(
          bytes, from: position, limit: limit - plain.count, with: decompressor)
      else { return nil }
      plain += member
      position += used
    }
    return position == 0 ? nil : plain
  }

  /// One member: its bytes and how many packed bytes it took.
  private static func unpackMember(
    _ bytes: [UInt8], from start: Int, limit: Int, with decompressor: OpaquePointer
  ) -> (bytes: [UInt8], used: Int)? {
    // Text packs to a fifth or less; when that is not enough, twice as much is tried.
    var capacity = min(limit, max(4_096, (bytes.count - start) * 6))
    while true {
      var used = 0
      var written = 0
      var result = LIBDEFLATE_SUCCESS
      let member = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { out, count in
        unsafe bytes.withUnsafeBytes { packed in
          result = unsafe libdeflate_gzip_decompress_ex(
            decompressor, packed.baseAddress?.advanced(by: start), packed.count - start,
            out.baseAddress, capacity, &used, &written)
        }
        count = result == LIBDEFLATE_SUCCESS ? written : 0
      }
      if result == LIBDEFLATE_SUCCESS { return (member, used) }
      guard result == LIBDEFLATE_INSUFFICIENT_SPACE, capacity < limit else { return nil }
      capacity = min(limit, capacity * 2)
    }
  }
}
