#ifndef GEMBA_PAIR_SUMS_H
#define GEMBA_PAIR_SUMS_H

// One instruction that Swift's vectors cannot name: products of 16-bit numbers, added in pairs.
// It is compiled into the kernels of the level that imports it, and nothing else is.

typedef short gemba_short8 __attribute__((ext_vector_type(8)));
typedef short gemba_short16 __attribute__((ext_vector_type(16)));
typedef int gemba_int8 __attribute__((ext_vector_type(8)));
typedef float gemba_float8 __attribute__((ext_vector_type(8)));

#define GEMBA_INLINE static inline __attribute__((always_inline))

/// a[2i] * b[2i] + a[2i + 1] * b[2i + 1] for i in 0..<8; no number may be -32768.
GEMBA_INLINE gemba_int8 gemba_pair_sums(gemba_short16 a, gemba_short16 b) {
#if defined(__AVX2__)
  return __builtin_ia32_pmaddwd256(a, b);
#elif defined(__SSE2__)
  gemba_short8 a_low = a.lo, a_high = a.hi, b_low = b.lo, b_high = b.hi;
  gemba_int8 sums;
  sums.lo = __builtin_ia32_pmaddwd128(a_low, b_low);
  sums.hi = __builtin_ia32_pmaddwd128(a_high, b_high);
  return sums;
#else
  return __builtin_convertvector(a.even, gemba_int8) * __builtin_convertvector(b.even, gemba_int8)
    + __builtin_convertvector(a.odd, gemba_int8) * __builtin_convertvector(b.odd, gemba_int8);
#endif
}

/// The nearest floats.
GEMBA_INLINE gemba_float8 gemba_floats(gemba_int8 numbers) {
  return __builtin_convertvector(numbers, gemba_float8);
}

/// The low halves.
GEMBA_INLINE gemba_short8 gemba_shorts(gemba_int8 numbers) {
  return __builtin_convertvector(numbers, gemba_short8);
}

#endif
