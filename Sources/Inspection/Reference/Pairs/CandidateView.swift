/// A window of test and re-aligned template round a candidate, and the fault in it.
struct CandidateView {
  /// Pixels shown round the candidate's box.
  static let margin = 24

  let candidate: PairCandidate
  let test: BitMask
  let template: BitMask
  /// The candidate's box, where the window shows it.
  let box: BitMask
  /// Pixels that belong to the fault: seeds under the candidate's own shift, grown.
  let body: BitMask
  /// The pixels round the body.
  let ring: BitMask

  /// What is dark in one image only: test first for extra dark, template first for missing.
  var more: BitMask { candidate.isExtra ? test : template }
  var less: BitMask { candidate.isExtra ? template : test }

  init(_ c: PairCandidate, _ pair: PairCandidates) {
    let margin = Self.margin
    let w = c.x1 - c.x0 + 2 * margin
    let h = c.y1 - c.y0 + 2 * margin
    candidate = c
    (test, template) = Self.windows(
      c, pair, x: c.x0 - margin, y: c.y0 - margin, width: w, height: h)
    box = BitMask(width: w, height: h, settingX: margin..<w - margin, y: margin..<h - margin)
    let (more, less) = c.isExtra ? (test, template) : (template, test)
    let full = more.without(less)
    let seed = more.without(less.dilated(by: 1)).and(box)
    var body = seed.dilatedByEllipse.and(full).or(seed).and(box)
    // The new shift may explain the seeds: then all differing pixels, or else the whole box.
    if body.isEmpty { body = full.and(box) }
    if body.isEmpty { body = box }
    self.body = body
    ring = body.dilatedByEllipse.without(body)
  }

  /// Test and template, moved by the candidate's own shift, in a window of the test image.
  static func windows(
    _ c: PairCandidate, _ pair: PairCandidates, x: Int, y: Int, width: Int, height: Int
  ) -> (BitMask, BitMask) {
    (
      pair.test.window(x: x, y: y, width: width, height: height),
      pair.template.window(x: x, y: y, width: width, height: height, dx: c.dx, dy: c.dy)
    )
  }
}
