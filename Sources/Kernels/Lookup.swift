import KernelsBase
import KernelsV3

/// `out[start + i] = table[bytes[at + i]]` for `i < count`; `table` holds 256 values.
public func lookUp(
  _ bytes: [UInt8], at: Int, in table: [Float], into out: inout [Float], from start: Int, count: Int
) {
  precondition(table.count == 256, "a table of \(table.count) for bytes")
  precondition(
    at >= 0 && at + count <= bytes.count && start >= 0 && start + count <= out.count,
    "row beyond the buffer")
  var outSpan = out.mutableSpan
  KernelsBase.lookUp(
    bytes.span, at: at, in: table.span, into: &outSpan, from: start, count: count)
}

/// `values[i] = 0` for `from ≤ i < to`.
public func clear(_ values: inout [Float], from: Int, to: Int) {
  precondition(from >= 0 && from <= to && to <= values.count, "range beyond the buffer")
  var valuesSpan = values.mutableSpan
  switch CPULevel.current {
  case .base: KernelsBase.clear(&valuesSpan, from: from, to: to)
  case .v3: KernelsV3.clear(&valuesSpan, from: from, to: to)
  }
}

/// `out[start + i] = bytes[at + i]` for `i < count`.
public func copyBytes(
  _ bytes: [UInt8], at: Int, into out: inout [UInt8], from start: Int, count: Int
) {
  precondition(
    at >= 0 && at + count <= bytes.count && start >= 0 && start + count <= out.count,
    "row beyond the buffer")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base: KernelsBase.copyBytes(bytes.span, at: at, into: &outSpan, from: start, count: count)
  case .v3: KernelsV3.copyBytes(bytes.span, at: at, into: &outSpan, from: start, count: count)
  }
}

/// `out[start + i] = values[at + i]` for `i < count`.
public func copyFloats(
  _ values: [Float], at: Int, into out: inout [Float], from start: Int, count: Int
) {
  precondition(
    at >= 0 && at + count <= values.count && start >= 0 && start + count <= out.count,
    "row beyond the buffer")
  var outSpan = out.mutableSpan
  switch CPULevel.current {
  case .base:
    KernelsBase.copyFloats(values.span, at: at, into: &outSpan, from: start, count: count)
  case .v3: KernelsV3.copyFloats(values.span, at: at, into: &outSpan, from: start, count: count)
  }
}
