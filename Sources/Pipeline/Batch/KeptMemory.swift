import CAllocator

/// Tells the allocator to keep what an image frees for the next image.
///
/// A worker frees and takes back some megabytes per image. glibc hands them to the system and fetches
/// them again as zeroed pages: 330 page faults an image of 90 kpx, and a fifth of the time of the
/// `surface` method. Peak memory is the same either way.
enum KeptMemory {
  /// Done once per process; reading it does it.
  static let kept: Bool = gemba_keep_freed_memory(256 << 20, 32 << 20) == 1
}
