import CLibDeflate

/// CRC-32 (ISO 3309, as in PNG and gzip) of `bytes`.
public func crc32(of bytes: [UInt8]) -> UInt32 {
  unsafe bytes.withUnsafeBytes { unsafe libdeflate_crc32(0, $0.baseAddress, $0.count) }
}
