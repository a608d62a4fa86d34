import CCPULevel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The instruction set the kernels run with, chosen once per process.
public enum CPULevel: String, Sendable, CaseIterable {
  /// SSE2 on x86-64, NEON on arm64.
  case base
  /// x86-64-v3: AVX2 and its companions.
  case v3

  /// The best level of this processor. `GEMBA_CPU_LEVEL=base` in the environment forces the base
  /// level; any other value is ignored.
  public static let current: CPULevel = {
    if let forced = unsafe getenv("GEMBA_CPU_LEVEL"), unsafe String(cString: forced) == "base" {
      return .base
    }
    return gemba_cpu_has_v3() == 1 ? .v3 : .base
  }()
}
