import Imaging
import Inspection
import TestSupport
import Testing

/// A full-size map of a few levels, so that bins lose nothing, and a mask of two rectangles.
private func madeUpImage(seed: UInt64) -> (map: ScoreMap, mask: Plane) {
  var random = SeededGenerator(seed: seed)
  var mask = Plane(width: 20, height: 16)
  for y in 2..<6 { for x in 3..<5 { mask[x, y] = 255 } }
  for y in 9..<15 { for x in 10..<19 { mask[x, y] = 200 } }
  let values = mask.pixels.map { Float(random.below(8) + ($0 > 127 ? 4 : 0)) - 5 }
  return (ScoreMap(width: 20, height: 16, cellWidth: 1, cellHeight: 1, values: values), mask)
}

/// Pixel AUROC by pairs and AUPRO by a sweep over thresholds.
private func naiveFigures(_ images: [(map: ScoreMap, mask: Plane)]) -> (Double, Double) {
  var good: [Float] = []
  var regions: [[Float]] = []
  for image in images {
    let marks: [UInt8] = image.mask.pixels.map { $0 > 127 ? 1 : 0 }
    let blobs = Blobs(of: marks, width: image.mask.width, height: image.mask.height)
    var own = blobs.blobs.map { _ in [Float]() }
    for run in blobs.runs {
      own[run.blob] +=
        image.map.values[
          run.y * image.map.width + run.start..<run.y * image.map.width + run.end]
    }
    regions += own
    good += zip(image.map.values, marks).filter { $1 == 0 }.map(\.0)
  }
  let bad = regions.flatMap(\.self)
  var won = 0.0
  for score in bad {
    for other in good { won += score > other ? 1 : score == other ? 0.5 : 0 }
  }
  var area = 0.0
  var (left, height) = (0.0, 0.0)
  for threshold in Set(good + bad).sorted(by: >) {
    let right = Double(good.count { $0 >= threshold }) / Double(good.count)
    let shares = regions.map { region in
      Double(region.count { $0 >= threshold }) / Double(region.count)
    }
    let next = shares.reduce(0, +) / Double(regions.count)
    if left < 0.3, right > left {
      let end = min(right, 0.3)
      let atEnd = height + (next - height) * (end - left) / (right - left)
      area += (end - left) * (height + atEnd) / 2
    }
    (left, height) = (right, next)
  }
  return (won / Double(good.count * bad.count), area / 0.3)
}

@Test("pixel AUROC and AUPRO follow their definitions", arguments: propertySeeds)
func evaluationPixelsByDefinition(seed: UInt64) throws {
  let images = (0..<2).map { madeUpImage(seed: seed + UInt64($0) * 100) }
  var tally = PixelTally()
  for image in images {
    tally.add(image.map, width: 20, height: 16, mask: image.mask, isDefective: true)
  }
  let expected = naiveFigures(images)
  let found = try #require(tally.figures())
  #expect(tally.regions == 4)
  #expect(abs(found.auroc - expected.0) < 1e-12, "seed \(seed)")
  #expect(abs(found.aupro - expected.1) < 1e-12, "seed \(seed)")
}

@Test("a perfect map has 1, a defective image without mask is skipped and counted")
func evaluationPixelsPerfect() throws {
  let mask = madeUpImage(seed: 1).mask
  let map = ScoreMap(
    width: 20, height: 16, cellWidth: 1, cellHeight: 1, values: mask.pixels.map { Float($0) })
  var tally = PixelTally(upsampling: .nearest)
  tally.add(map, width: 20, height: 16, mask: mask, isDefective: true)
  tally.add(map, width: 20, height: 16, mask: nil, isDefective: true)
  tally.add(
    map, width: 20, height: 16, mask: Plane(width: 20, height: 16), isDefective: true)
  let found = try #require(tally.figures())
  #expect(found.auroc == 1)
  #expect(abs(found.aupro - 1) < 1e-12)
  #expect(tally.images == 1 && tally.skipped == 2)
}

@Test("good images count as good pixels, and tallies of workers add up")
func evaluationPixelsAddUp() throws {
  let image = madeUpImage(seed: 3)
  let calm = ScoreMap(
    width: 2, height: 2, cellWidth: 10, cellHeight: 8, values: [-9, -9, -9, -9])
  var whole = PixelTally()
  whole.add(image.map, width: 20, height: 16, mask: image.mask, isDefective: true)
  let alone = try #require(whole.figures())
  whole.add(calm, width: 20, height: 16, mask: nil, isDefective: false)
  var part = PixelTally()
  part.add(image.map, width: 20, height: 16, mask: image.mask, isDefective: true)
  var other = PixelTally()
  other.add(calm, width: 20, height: 16, mask: nil, isDefective: false)
  part.add(other)
  let found = try #require(part.figures())
  #expect(found == (try #require(whole.figures())))
  #expect(found.auroc > alone.auroc)
}

@Test("pixels outside the regions do not count")
func evaluationPixelsWithinRegions() throws {
  // Row 0 would spoil the figure: good pixels with the highest score.
  let values: [Float] = [9, 9, 9, 9, 0, 1, 0, 0]
  let map = ScoreMap(width: 4, height: 2, cellWidth: 1, cellHeight: 1, values: values)
  let mask = Plane(width: 4, height: 2, pixels: [0, 0, 0, 0, 0, 255, 0, 0])
  let regions = RegionMask(
    width: 4, height: 2, flags: [0, 0, 0, 0, 255, 255, 255, 255])
  var tally = PixelTally()
  tally.add(map, width: 4, height: 2, mask: mask, isDefective: true, within: regions)
  #expect(try #require(tally.figures()).auroc == 1)
}
