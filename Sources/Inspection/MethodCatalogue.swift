/// The methods there are: the one place that a new method's folder is entered in.
public enum MethodCatalogue {
  /// The names that `gemba teach --method` takes.
  public static let names = [
    SurfaceModel.method, GrayReferenceModel.method, LearnedModel.method,
  ]

  /// Whether `method` holds parts out itself and brings scores of them and a threshold.
  public static func holdsOutItself(_ method: String) -> Bool { method == LearnedModel.method }

  /// The settings that `settings:` in a recipe of `method` may name; none for an unknown method.
  public static func settings(of method: String) -> [SettingDescription] {
    switch method {
    case SurfaceModel.method: SurfaceSettings.descriptions
    case GrayReferenceModel.method: GrayReferenceSettings.descriptions + PairsSettings.descriptions
    case LearnedModel.method: LearnedSettings.descriptions
    default: []
    }
  }

  /// The model inside an archive. Throws `ModelError` when it is not of `method`, or damaged.
  public static func model(from archive: ModelArchive, method: String) throws -> any TaughtModel {
    switch (method, archive.method) {
    case (SurfaceModel.method, SurfaceModel.method): return try SurfaceModel(archive: archive)
    case (GrayReferenceModel.method, GrayReferenceModel.method):
      return try GrayReferenceModel(archive: archive)
    case (GrayReferenceModel.method, PairsModel.method): return try PairsModel(archive: archive)
    case (LearnedModel.method, LearnedModel.method): return try LearnedModel(archive: archive)
    default: throw ModelError.otherMethod(found: archive.method, expected: method)
    }
  }

  /// Teaches `method`, one of `names`, from `set`; settings not given have their defaults.
  public static func teach(
    _ method: String, _ set: TeachingSet, settings: MethodSettings = MethodSettings(),
    _ workers: any Workers,
    _ progress: @escaping @Sendable (TeachingProgress) -> Void
  ) throws -> any TaughtModel {
    switch method {
    case SurfaceModel.method:
      return try SurfaceTeaching.teach(
        set, settings: SurfaceSettings(settings), workers: workers, progress: progress)
    case GrayReferenceModel.method where set.comesInPairs:
      return try PairsTeaching.teach(
        set, settings: PairsSettings(settings), workers: workers, progress: progress)
    case GrayReferenceModel.method:
      return try GrayReferenceTeaching.teach(
        set, settings: GrayReferenceSettings(settings), workers: workers, progress: progress)
    case LearnedModel.method:
      return try LearnedTeaching.teach(
        set, settings: LearnedSettings(settings), workers: workers, progress: progress)
    default:
      throw InspectionError.cannotTeach(
        reason: "there is no method \(method)",
        mend: "take one of \(names.joined(separator: ", "))")
    }
  }
}
