import Testing

@testable import SampleParts

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct ArithmeticTests {
  @Test("sine and cosine agree with the C library's to 1e-5")
  func sine() {
    for step in -400...400 {
      let angle = Float(step) * 0.05
      #expect(abs(Arithmetic.sine(angle) - sinf(angle)) < 1e-5, "sine of \(angle)")
      #expect(abs(Arithmetic.cosine(angle) - cosf(angle)) < 1e-5, "cosine of \(angle)")
    }
  }

  @Test("the direction of a vector is its angle from the x axis")
  func direction() {
    for step in -30...30 {
      let angle = Float(step) * 0.1
      let found = Arithmetic.direction(Point(angle: angle, length: 3))
      #expect(abs(Arithmetic.sine(found - angle)) < 0.002, "direction at \(angle)")
    }
  }
}
