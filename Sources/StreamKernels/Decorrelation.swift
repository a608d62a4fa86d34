/// `out[i] = numbers[i + 1] − numbers[i]`, wrapping; `out` has one number fewer.
public func differences(_ numbers: Span<Int64>, into out: inout MutableSpan<Int64>) {
  for i in 0..<out.count { out[i] = numbers[i &+ 1] &- numbers[i] }
}

/// `numbers[i] = numbers[i − 1] + numbers[i]` from the second on, wrapping: undoes `differences`
/// where the first number stands before them.
public func runningSums(_ numbers: inout MutableSpan<Int64>) {
  if numbers.count == 0 { return }
  var sum = numbers[0]
  for i in 1..<max(1, numbers.count) {
    sum &+= numbers[i]
    numbers[i] = sum
  }
}

/// The largest power of 1,000 up to 10^9 that divides every number, as its exponent: 0 to 3.
public func commonThousands(_ numbers: Span<Int64>) -> Int {
  var exponent = 3
  for i in 0..<numbers.count {
    let number = numbers[i]
    if exponent == 3 && number % 1_000_000_000 != 0 { exponent = 2 }
    if exponent == 2 && number % 1_000_000 != 0 { exponent = 1 }
    if exponent == 1 && number % 1_000 != 0 { return 0 }
  }
  return exponent
}

/// `numbers[i] = numbers[i] / divisor`.
public func divide(_ numbers: inout MutableSpan<Int64>, by divisor: Int64) {
  for i in 0..<numbers.count { numbers[i] /= divisor }
}

/// `numbers[i] = numbers[i] · factor`, wrapping.
public func multiply(_ numbers: inout MutableSpan<Int64>, by factor: Int64) {
  for i in 0..<numbers.count { numbers[i] &*= factor }
}

/// `out[i] = values[i] · factor` as whole numbers; false when one of them, divided by the factor
/// again, would not be the very same value, or is not below 2^51.
public func scaleToIntegers(
  _ values: Span<Double>, factor: Double, into out: inout MutableSpan<Int64>
) -> Bool {
  // Adding and subtracting 1.5 · 2^52 rounds to the nearest whole number below 2^51.
  let rounder = 0x1.8p52
  for i in 0..<values.count {
    let product = values[i] * factor
    let whole = (product + rounder) - rounder
    let isSmall = whole < 0x1p51 && whole > -0x1p51
    if !isSmall || whole / factor != values[i] { return false }
    out[i] = Int64(whole)
  }
  return true
}

/// `values[i] = numbers[i] / factor`.
public func scaleToValues(
  _ numbers: Span<Int64>, factor: Double, into values: inout MutableSpan<Double>
) {
  for i in 0..<numbers.count { values[i] = Double(numbers[i]) / factor }
}

/// `out[i]` = the bits of value `i` that differ from those of the value before (of 0 for the
/// first), moved down by the zero bits that all of them end with; returns how many those are.
public func bitDifferences(_ values: Span<Double>, into out: inout MutableSpan<Int64>) -> Int {
  var before: UInt64 = 0
  var all: UInt64 = 0
  for i in 0..<values.count {
    let bits = values[i].bitPattern
    out[i] = Int64(bitPattern: bits ^ before)
    all |= bits ^ before
    before = bits
  }
  let shift = all == 0 ? 0 : all.trailingZeroBitCount
  for i in 0..<values.count {
    out[i] = Int64(bitPattern: UInt64(bitPattern: out[i]) &>> UInt64(shift))
  }
  return shift
}

/// Undoes `bitDifferences`; `shift` is 0 to 63.
public func valuesOfBitDifferences(
  _ differences: Span<Int64>, shift: Int, into values: inout MutableSpan<Double>
) {
  var bits: UInt64 = 0
  for i in 0..<differences.count {
    bits ^= UInt64(bitPattern: differences[i]) &<< UInt64(truncatingIfNeeded: shift)
    values[i] = Double(bitPattern: bits)
  }
}
