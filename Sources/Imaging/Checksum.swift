import CLibDeflate

/// CRC-32 (ISO 3309, as in PNG and gzip) of `bytes`, going on from that of what came before them.
public func crc32(of bytes: [UInt8], after before: UInt32 = 0) -> UInt32 {
  unsafe bytes.withUnsafeBytes { unsafe libdeflate_crc32(before, $0.baseAddress, $0.count) }
}
