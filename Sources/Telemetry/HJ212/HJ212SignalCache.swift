import FactoryModel

/// From the bytes of a site's MN and a field's key to the signal, without making texts.
///
/// Two tables with open addressing. Keys of at most 16 bytes are compared as two words, which is
/// exact; longer ones go through a dictionary of their bytes. Numbers belong to the one
/// `SignalTable` the connection works with.
struct HJ212SignalCache: Sendable {
  /// A site and command number, from which the tags of a signal follow.
  struct Context: Hashable, Sendable {
    var site: Int32
    var commandNumber: Int32
  }

  private struct Entry: Sendable {
    var keyHigh: UInt64 = 0
    var keyLow: UInt64 = 0
    /// `unused` in an empty place.
    var context = Context(site: -1, commandNumber: 0)
    /// -1 for a key that becomes no signal.
    var signal: Int32 = -1
  }

  private struct LongKey: Hashable, Sendable {
    var context: Context
    var key: [UInt8]
  }

  private var sites: [[UInt8]] = []
  private var siteSlots = [Int32](repeating: -1, count: 16)
  private var entries = [Entry](repeating: Entry(), count: 64)
  private var longKeys: [LongKey: Int32] = [:]
  private var used = 0

  /// How many signals are known.
  private(set) var count = 0

  /// The number of a site, given now if it is new.
  mutating func site(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int32 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for at in range { hash = (hash ^ UInt64(bytes[at])) &* 0x100_0000_01B3 }
    var slot = Int(truncatingIfNeeded: hash ^ hash >> 29) & (siteSlots.count - 1)
    while siteSlots[slot] >= 0 {
      let site = siteSlots[slot]
      if Self.equal(sites[Int(site)], bytes, range) { return site }
      slot = (slot + 1) & (siteSlots.count - 1)
    }
    sites.append(Self.copy(bytes, range))
    siteSlots[slot] = Int32(sites.count - 1)
    if sites.count * 2 > siteSlots.count { growSites() }
    return Int32(sites.count - 1)
  }

  /// How many sites are known.
  var siteCount: Int { sites.count }

  /// The MN of a site.
  func name(ofSite site: Int32) -> String { String(decoding: sites[Int(site)], as: UTF8.self) }

  /// The signal of a field; nil when it was never seen, -1 when it becomes none.
  @inline(__always)
  func find(_ field: HJ212Field, in context: Context, _ bytes: Span<UInt8>) -> Int32? {
    guard field.keyEnd - field.keyStart <= 16 else {
      return longKeys[LongKey(context: context, key: Self.copy(bytes, field.keyRange))]
    }
    let slot = freeOrFound(field.keyHigh, field.keyLow, context)
    return entries[slot].context.site < 0 ? nil : entries[slot].signal
  }

  /// Remembers what a field becomes; nil for no signal.
  mutating func learn(
    _ signal: SignalID?, for field: HJ212Field, in context: Context, _ bytes: Span<UInt8>
  ) {
    if signal != nil { count += 1 }
    guard field.keyEnd - field.keyStart <= 16 else {
      let key = LongKey(context: context, key: Self.copy(bytes, field.keyRange))
      longKeys[key] = signal?.index ?? -1
      return
    }
    insert(
      Entry(
        keyHigh: field.keyHigh, keyLow: field.keyLow, context: context,
        signal: signal?.index ?? -1))
    used += 1
    guard used * 2 > entries.count else { return }
    let old = entries
    entries = [Entry](repeating: Entry(), count: old.count * 2)
    for entry in old where entry.context.site >= 0 { insert(entry) }
  }

  private mutating func insert(_ entry: Entry) {
    entries[freeOrFound(entry.keyHigh, entry.keyLow, entry.context)] = entry
  }

  @inline(__always)
  private func freeOrFound(_ high: UInt64, _ low: UInt64, _ context: Context) -> Int {
    let place =
      UInt64(truncatingIfNeeded: context.site) &* 0x9E37_79B9
      &+ UInt64(truncatingIfNeeded: context.commandNumber)
    var hash = (low ^ place) &* 0x9E37_79B9_7F4A_7C15 ^ high &* 0xC2B2_AE3D_27D4_EB4F
    hash ^= hash >> 32
    hash = hash &* 0x9E37_79B9_7F4A_7C15
    let mask = entries.count - 1
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while true {
      let entry = entries[slot]
      if entry.context.site < 0
        || (entry.keyLow == low && entry.keyHigh == high && entry.context == context)
      {
        return slot
      }
      slot = (slot + 1) & mask
    }
  }

  private mutating func growSites() {
    let old = sites
    sites = []
    siteSlots = [Int32](repeating: -1, count: siteSlots.count * 2)
    for name in old { _ = site(name.span, name.indices) }
  }

  private static func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    range.map { bytes[$0] }
  }

  private static func equal(
    _ name: [UInt8], _ bytes: Span<UInt8>, _ range: Range<Int>
  ) -> Bool {
    guard name.count == range.count else { return false }
    for (offset, at) in range.enumerated() where name[offset] != bytes[at] { return false }
    return true
  }
}
