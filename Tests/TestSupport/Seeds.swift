/// The seeds a property test runs with; a test prints the one that failed in its message.
public let propertySeeds: [UInt64] = [1, 2, 3, 5, 8]
