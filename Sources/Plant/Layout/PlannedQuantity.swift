/// How many parts a shift should make.
public struct PlannedQuantity: Hashable, Sendable {
  /// nil for every shift.
  public var shift: String?
  public var product: String?
  public var quantity: Int

  /// As a site file says it.
  public init(shift: String? = nil, product: String? = nil, quantity: Int) {
    self.shift = shift
    self.product = product
    self.quantity = quantity
  }
}
