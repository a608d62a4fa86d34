import FactoryModel
import SparkplugMessages

/// The specification's data types by number.
enum SparkplugDataType {
  /// Data sets, bytes, files and templates, which are no one value.
  static func isStructure(_ datatype: UInt32) -> Bool { (16...19).contains(datatype) }

  /// The number that a metric's value stands for; nil for texts and what cannot be one number.
  ///
  /// Signed integers travel in unsigned fields, in two's complement of their own width.
  static func number(_ value: SparkplugMetric.OneOf_Value, datatype: UInt32) -> Double? {
    switch value {
    case .intValue(let bits):
      switch datatype {
      case 1: Double(Int8(truncatingIfNeeded: bits))
      case 2: Double(Int16(truncatingIfNeeded: bits))
      case 3: Double(Int32(bitPattern: bits))
      default: Double(bits)
      }
    case .longValue(let bits):
      switch datatype {
      case 1: Double(Int8(truncatingIfNeeded: bits))
      case 2: Double(Int16(truncatingIfNeeded: bits))
      case 3: Double(Int32(truncatingIfNeeded: bits))
      case 4: Double(Int64(bitPattern: bits))
      default: Double(bits)
      }
    case .floatValue(let number): Double(number)
    case .doubleValue(let number): number
    case .booleanValue(let truth): truth ? 1 : 0
    case .stringValue, .bytesValue: nil
    }
  }

  /// What the property `Quality` says: 192 good, 0 bad, 500 stale.
  static func quality(_ properties: SparkplugPropertySet) -> Quality {
    guard let place = properties.keys.firstIndex(of: "Quality"),
      place < properties.values.count
    else { return .good }
    switch properties.values[place].value {
    case .intValue(192), .longValue(192): return .good
    case .intValue(0), .longValue(0), .intValue(500), .longValue(500): return .bad
    default: return .uncertain
    }
  }
}
