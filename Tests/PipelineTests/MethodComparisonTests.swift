import Foundation
import Imaging
import Inspection
import Pipeline
import Synchronization
import Testing

@Suite("Comparison of methods") struct MethodComparisonTests {
  private static func comparison(_ rule: ThresholdRule?) throws -> MethodComparison {
    var plan = RecipePlan(method: SurfaceModel.method)
    plan.thresholdRule = rule
    var comparison = MethodComparison(plan, jobs: 2)
    comparison.foldCount = 2
    for (method, texts) in [
      SurfaceModel.method: [
        "syntheticPictures=20", "goodCells=1000", "teacherEpochs=1", "studentEpochs=1",
      ],
      LearnedModel.method: ["side=32", "epochs=5", "imagesShown=0"],
    ] {
      var settings = MethodSettings()
      for text in texts { try settings.set(text, of: method) }
      comparison.settings[method] = settings
    }
    return comparison
  }

  @Test("every method is judged on all images and the cheapest comes first")
  func cheapestFirst() throws {
    let folder = try labelledFolder(good: 16, defective: 16)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let comparison = try Self.comparison(.cost(escape: 7, falseReject: 2))
    let stages = Mutex<Set<String>>([])
    let rows = try comparison.run(
      LabelledFolder(folder, levels: .full, limits: PNGLimits()), parts: nil
    ) { now in
      stages.withLock { _ = $0.insert(String(now.stage.prefix { $0 != "," })) }
    }
    #expect(Set(rows.map(\.method)) == Set(MethodCatalogue.names))
    #expect(stages.withLock { $0 } == Set(MethodCatalogue.names))
    for row in rows {
      let report = try #require(row.report, "\(row.method): \(row.reason ?? "")")
      #expect(report.goodImages == 16 && report.defectiveImages == 16)
      let cost = 7 * report.confusion.escapes + 2 * report.confusion.falseRejects
      #expect(abs(row.cost - Double(cost) / 32) < 1e-12, "\(row.method)")
    }
    #expect(rows.map(\.cost) == rows.map(\.cost).sorted())
  }

  @Test("a method that cannot be taught is listed last with the reason")
  func otherSize() throws {
    let folder = try labelledFolder(good: 8, defective: 8)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for index in 0..<4 {
      let other = PNGEncoder.encode(Plane(width: 90 + index, height: 80))
      try DurableFile.write(other, to: "\(folder)/good/other\(index).png")
    }
    let rows = try Self.comparison(nil).run(
      LabelledFolder(folder, levels: .full, limits: PNGLimits()), parts: nil
    ) { _ in }
    #expect(rows.last?.method == GrayReferenceModel.method)
    #expect(rows.last?.reason?.contains("the first image is") == true, "\(rows)")
    #expect(rows[0].report?.defectiveImages == 8)
  }
}
