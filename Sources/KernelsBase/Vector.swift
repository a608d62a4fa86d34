/// Eight floats from `values[index...]`, any alignment.
@inline(__always)
func load8(_ values: Span<Float>, _ index: Int) -> SIMD8<Float> {
  values.bytes.unsafeLoadUnaligned(fromByteOffset: index &* 4, as: SIMD8<Float>.self)
}

/// Eight floats from `values[index...]` of a buffer being written.
@inline(__always)
func load8(_ values: borrowing MutableSpan<Float>, _ index: Int) -> SIMD8<Float> {
  values.bytes.unsafeLoadUnaligned(fromByteOffset: index &* 4, as: SIMD8<Float>.self)
}

/// Writes eight floats to `values[index...]`.
@inline(__always)
func store8(_ vector: SIMD8<Float>, _ values: inout MutableSpan<Float>, _ index: Int) {
  var bytes = values.mutableBytes
  bytes.storeBytes(of: vector, toByteOffset: index &* 4, as: SIMD8<Float>.self)
}

/// `|v|` by clearing the sign bits.
@inline(__always)
func magnitude(_ v: SIMD8<Float>) -> SIMD8<Float> {
  SIMD8<Float>(
    bitPattern8: unsafeBitCast(v, to: SIMD8<UInt32>.self) & SIMD8<UInt32>(repeating: 0x7FFF_FFFF))
}

/// The larger of each lane; lanes are never NaN here.
@inline(__always)
func larger(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  a.replacing(with: b, where: b .> a)
}

/// The smaller of each lane; lanes are never NaN here.
@inline(__always)
func smaller(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  a.replacing(with: b, where: b .< a)
}

extension SIMD8<Float> {
  @inline(__always)
  init(bitPattern8 bits: SIMD8<UInt32>) { self = unsafeBitCast(bits, to: SIMD8<Float>.self) }
}
