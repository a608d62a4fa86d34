import FactoryModel

extension Array where Element == Sample {
  /// In order of time, one reading for each moment: the last written one.
  consuming func inTimeOrder() -> [Sample] {
    if isAscending { return self }
    // The place breaks ties, so that the last of equal times is the last written.
    let order = indices.sorted { (self[$0].time, $0) < (self[$1].time, $1) }
    var result: [Sample] = []
    result.reserveCapacity(count)
    for place in order {
      if result.last?.time == self[place].time { result.removeLast() }
      result.append(self[place])
    }
    return result
  }

  private var isAscending: Bool {
    for place in indices.dropFirst() where self[place - 1].time >= self[place].time {
      return false
    }
    return true
  }
}
