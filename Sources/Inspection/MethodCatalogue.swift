/// The methods there are: the one place that a new method's folder is entered in.
public enum MethodCatalogue {
  /// The names that `gemba teach --method` takes.
  public static let names = ["surface", "reference"]

  /// The model inside an archive. Throws `ModelError` when it is not of `method`, or damaged.
  public static func model(from archive: ModelArchive, method: String) throws -> any TaughtModel {
    throw ModelError.otherMethod(found: archive.method, expected: method)
  }
}
