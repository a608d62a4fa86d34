/// How a fault touches its surroundings.
///
/// A ring of two pixels lies round the fault. What it meets tells the classes apart: a short meets
/// two dark parts of the template, a spur one, loose copper none; an open leaves two dark parts of
/// the test image, a bite one, and round a pin-hole all is dark. Parts are counted near the fault,
/// because tracks may join elsewhere, and farther away, because edges cut the near window.
extension PairFeatures {
  static let topologyCount = 4 + 3 + 2 + 2 * 8 + 4

  static func topology(_ view: CandidateView) -> [Float] {
    let test = view.test
    let template = view.template
    let ring = view.ring
    let ringSize = Float(max(1, ring.count))
    func arcs(_ mask: BitMask) -> Float {
      Float(min(4, BitComponents(mask, diagonal: true).count(atLeast: 3)))
    }
    func parts(_ mask: BitMask, _ diagonal: Bool) -> Int {
      BitComponents(mask, diagonal: diagonal).count(atLeast: 6)
    }
    let dark = parts(test, true) - parts(template, true)
    let bright = parts(test.inverted, false) - parts(template.inverted, false)
    var out: [Float] = [
      arcs(ring.and(template)), arcs(ring.without(template)), arcs(ring.and(test)),
      arcs(ring.without(test)), Float(ring.and(template).count) / ringSize,
      Float(ring.and(test).count) / ringSize, Float(ring.and(test).and(template).count) / ringSize,
      Float(max(-3, min(3, dark))), Float(max(-3, min(3, bright))),
    ]
    let near = view.body.dilated(by: 12)
    for mask in [test, test.inverted, template, template.inverted] {
      for diagonal in [true, false] {
        let components = BitComponents(mask, diagonal: diagonal)
        out.append(Float(min(5, components.touched(by: ring))))
        let cut = BitComponents(mask.and(near), diagonal: diagonal)
        out.append(Float(min(5, cut.touched(by: ring))))
      }
    }
    // Gaps of one or two pixels closed.
    for mask in [test, test.inverted, template, template.inverted] {
      let closed = mask.and(near).dilated(by: 1)
      out.append(Float(min(5, BitComponents(closed, diagonal: true).touched(by: ring))))
    }
    return out
  }

  static let depthCount = 4 + 3 + 4 + 3

  /// How far the fault reaches from the edges of what the other image shows, how thick it is, and
  /// how the rest of the window fits.
  static func depth(_ view: CandidateView) -> [Float] {
    var out: [Float] = []
    for radius in 1...4 {
      let far = view.more.without(view.less.dilated(by: radius)).and(view.box)
      out.append(Float(far.count))
    }
    var thick = view.body
    for _ in 0..<3 {
      thick = thick.inverted.dilated(by: 1).inverted
      out.append(Float(thick.count))
    }
    let moments = view.body.moments
    out += [Float(moments.area), moments.long, moments.short, moments.short / (moments.long + 1)]
    let outside = view.test.without(view.template).or(view.template.without(view.test))
      .without(view.box)
    let same = view.more.without(view.less).and(view.box)
    let other = view.less.without(view.more).and(view.box)
    out += [Float(outside.count), Float(same.count), Float(other.count)]
    return out
  }
}
