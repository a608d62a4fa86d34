/// One image of a batch, with the reference that belongs to it where the method takes pairs.
public struct BatchItem: Hashable, Sendable {
  /// The path as given plus the path below it.
  public var image: String
  /// The fault-free picture of the same place (`NAME_temp.png` beside `NAME_test.png`).
  public var reference: String?

  /// An image, with its own reference or without.
  public init(image: String, reference: String? = nil) {
    self.image = image
    self.reference = reference
  }

  /// What is wrong with a folder below which there is no pair.
  public static func withoutPairs(_ folder: String) -> String {
    "\(folder): there is no pair in this folder; give one with NAME_temp.png beside NAME_test.png"
  }

  /// The pairs below `folder`: every `NAME_test.png` with its `NAME_temp.png`, sorted by name.
  public static func pairs(in folder: String) -> [BatchItem] {
    ImageList(paths: [folder]).images.compactMap { image in
      guard image.hasSuffix("_test.png") else { return nil }
      return BatchItem(image: image, reference: image.dropLast("_test.png".count) + "_temp.png")
    }
  }
}
