/// The methods there are: the one place that a new method's folder is entered in.
public enum MethodCatalogue {
  /// The names that `gemba teach --method` takes.
  public static let names = [SurfaceModel.method, GrayReferenceModel.method]

  /// The model inside an archive. Throws `ModelError` when it is not of `method`, or damaged.
  public static func model(from archive: ModelArchive, method: String) throws -> any TaughtModel {
    switch (method, archive.method) {
    case (SurfaceModel.method, SurfaceModel.method): return try SurfaceModel(archive: archive)
    case (GrayReferenceModel.method, GrayReferenceModel.method):
      return try GrayReferenceModel(archive: archive)
    case (GrayReferenceModel.method, PairsModel.method): return try PairsModel(archive: archive)
    default: throw ModelError.otherMethod(found: archive.method, expected: method)
    }
  }

  /// Teaches `method`, one of `names`, from `set`.
  public static func teach(
    _ method: String, _ set: TeachingSet, _ workers: any Workers,
    _ progress: @escaping @Sendable (TeachingProgress) -> Void
  ) throws -> any TaughtModel {
    switch method {
    case SurfaceModel.method:
      return try SurfaceTeaching.teach(set, workers: workers, progress: progress)
    case GrayReferenceModel.method where set.comesInPairs:
      return try PairsTeaching.teach(
        set, settings: PairsSettings(), workers: workers, progress: progress)
    case GrayReferenceModel.method:
      return try GrayReferenceTeaching.teach(
        set, settings: GrayReferenceSettings(), workers: workers, progress: progress)
    default:
      throw InspectionError.cannotTeach(
        reason: "there is no method \(method)",
        mend: "take one of \(names.joined(separator: ", "))")
    }
  }
}
