/// Where the largest value of each channel lies in a bare map.
struct GlobalMaximum {
  let map: FeatureMap

  /// The place of each channel's largest value among `values`, the first of equal ones, in image `image`
  /// of several one behind the other.
  func places<Value: Comparable>(_ values: Span<Value>, image: Int) -> [Int] {
    let first = image * map.count
    var best = Array(first..<first + map.channels)
    for position in stride(from: first, to: first + map.count, by: map.channels) {
      for channel in 0..<map.channels where values[position + channel] > values[best[channel]] {
        best[channel] = position + channel
      }
    }
    return best
  }
}
