import Imaging
import Inspection

/// Every method that the images allow, judged by cross-validation on the same folds, to find the one with
/// the least cost of escapes and false rejects.
public struct MethodComparison: Sendable {
  /// What every method is taught by; its method and settings do not matter.
  public var plan: RecipePlan
  /// Settings by method; what is not named has its defaults.
  public var settings: [String: MethodSettings] = [:]
  /// What an escape and a false reject cost.
  public var escapeCost: Double
  public var falseRejectCost: Double
  public var foldCount = 3
  public var jobs: Int

  /// A comparison by the costs of `plan`'s threshold rule, 10 : 1 when it names none.
  public init(_ plan: RecipePlan, jobs: Int) {
    self.plan = plan
    self.jobs = jobs
    (escapeCost, falseRejectCost) = (10, 1)
    if case .cost(let escape, let falseReject)? = plan.thresholdRule {
      (escapeCost, falseRejectCost) = (escape, falseReject)
    }
  }

  /// What one method reached.
  public struct Row: Sendable {
    public var method: String
    /// Nil with the reason when it could not be taught.
    public var report: EvaluationReport?
    public var reason: String?
    /// Mean cost of an image, infinite when it could not be taught.
    public var cost: Double
  }

  /// The methods, the cheapest first; among equals the one with the higher image AUROC.
  public func run(
    _ folder: LabelledFolder, parts: PartsFile?, limits: PNGLimits = PNGLimits(),
    progress: @escaping @Sendable (TeachingProgress) -> Void
  ) throws -> [Row] {
    let rows = MethodCatalogue.names.map { method in
      row(method, folder, parts, limits) { fold, now in
        progress(
          TeachingProgress(
            stage: "\(method), fold \(fold + 1) of \(foldCount), \(now.stage)", done: now.done,
            total: now.total, note: now.note))
      }
    }
    guard rows.contains(where: { $0.report != nil }) else {
      throw InspectionError.cannotTeach(
        reason: rows[0].reason ?? "no method fits", mend: "name the method with --method")
    }
    return rows.sorted {
      ($0.cost, -($0.report?.imageAUROC ?? 0)) < ($1.cost, -($1.report?.imageAUROC ?? 0))
    }
  }

  private func row(
    _ method: String, _ folder: LabelledFolder, _ parts: PartsFile?, _ limits: PNGLimits,
    progress: @escaping @Sendable (Int, TeachingProgress) -> Void
  ) -> Row {
    var plan = plan
    plan.method = method
    plan.settings = settings[method] ?? MethodSettings()
    plan.thresholdRule = .cost(escape: escapeCost, falseReject: falseRejectCost)
    do {
      let report = try CrossValidation(
        plan, foldCount: foldCount, teachesDefects: true, jobs: jobs
      ).run(folder, parts: parts, limits: limits, progress: progress).report
      let counts = report.confusion
      let cost =
        escapeCost * Double(counts.escapes) + falseRejectCost * Double(counts.falseRejects)
      return Row(method: method, report: report, cost: cost / Double(max(counts.total, 1)))
    } catch {
      return Row(method: method, reason: "\(error)", cost: .infinity)
    }
  }
}
