import FactoryModel
import Imaging
import Inspection

/// From labelled defective images to a classifier of the defects that a model finds on them.
///
/// Where an image has a mask, the defects whose box meets it bear the image's class; without one the
/// worst defect does. An image on which nothing reaches the threshold gives its worst place.
struct ClassTeaching {
  let model: any TaughtModel
  let regions: RecipeRegions
  let threshold: Double

  /// Nil when there are fewer than two classes. Throws what
  /// reading or inspecting throws.
  func classifier(_ images: [TeachingImage], seed: UInt64, _ workers: any Workers) throws
    -> DefectClassifier?
  {
    guard Set(images.compactMap(\.kind)).count >= 2 else { return nil }
    let found = try workers.map(images.count) { index in try examples(of: images[index]) }
    return try DefectClassifier(found.flatMap { $0 }, seed: seed, workers: workers)
  }

  private func examples(of image: TeachingImage) throws -> [DefectClassifier.Example] {
    guard let kind = image.kind else { return [] }
    let frame = try image.read()
    let mask = try image.readMask?()
    var inspector = model.makeInspector()
    var drawn = DrawnRegions(regions)
    let within = try drawn.mask(for: frame.plane)
    var finding = try inspector.inspect(
      frame, InspectionRequest(minimumScore: threshold, regions: within))
    if finding.defects.isEmpty {
      finding = try inspector.inspect(
        frame, InspectionRequest(minimumScore: finding.score, regions: within))
    }
    guard finding.defects.allSatisfy({ $0.kind == Defect.unnamed }) else { return [] }
    let marked = mask.map { mask in finding.defects.filter { $0.meets(mask) } }
    return (marked ?? Array(finding.defects.prefix(1))).map {
      DefectClassifier.Example($0, in: frame.plane, kind: kind)
    }
  }
}

extension Defect {
  /// Whether a marked pixel (> 127) of `mask` lies in the box.
  fileprivate func meets(_ mask: Plane) -> Bool {
    let rows = (y..<y + height).clamped(to: 0..<mask.height)
    let columns = (x..<x + width).clamped(to: 0..<mask.width)
    return rows.contains { row in columns.contains { mask[$0, row] > 127 } }
  }
}
