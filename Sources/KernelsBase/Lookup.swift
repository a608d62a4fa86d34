/// `out[start + i] = table[bytes[at + i]]`; `table` holds 256 values.
public func lookUp(
  _ bytes: Span<UInt8>, at: Int, in table: Span<Float>, into out: inout MutableSpan<Float>,
  from start: Int, count: Int
) {
  for i in 0..<count { out[start &+ i] = table[Int(bytes[at &+ i])] }
}

/// `values[i] = 0` for `from ≤ i < to`.
public func clear(_ values: inout MutableSpan<Float>, from: Int, to: Int) {
  for i in from..<to { values[i] = 0 }
}

/// `out[start + i] = bytes[at + i]`.
public func copyBytes(
  _ bytes: Span<UInt8>, at: Int, into out: inout MutableSpan<UInt8>, from start: Int, count: Int
) {
  for i in 0..<count { out[start &+ i] = bytes[at &+ i] }
}

/// `out[start + i] = values[at + i]`.
public func copyFloats(
  _ values: Span<Float>, at: Int, into out: inout MutableSpan<Float>, from start: Int, count: Int
) {
  for i in 0..<count { out[start &+ i] = values[at &+ i] }
}
