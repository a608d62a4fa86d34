extension SurfaceSettings: SettingsTable {
  static var fields: [SettingField<SurfaceSettings>] {
    [
      .whole(
        "shrink", \.shrink, 0...64,
        "pixels that become one on each axis; 0: images of about 160,000 pixels"),
      .whole(
        "syntheticPictures", \.syntheticPictures, 20...100_000,
        "defective pictures painted by each of two painters; more take longer to teach"),
      .whole("goodCells", \.goodCells, 1000...10_000_000, "cells of good parts taught"),
      .whole("teacherEpochs", \.teacherEpochs, 1...100, "passes of each teacher"),
      .whole("studentEpochs", \.studentEpochs, 1...100, "passes of the student"),
    ]
  }
}

extension GrayReferenceSettings: SettingsTable {
  init() { self.init(absoluteTolerance: 12) }

  static var fields: [SettingField<GrayReferenceSettings>] {
    [
      .number(
        "absoluteTolerance", \.absoluteTolerance, 1...127,
        "gray levels of difference that never count"),
      .number(
        "spreadFactor", \.spreadFactor, 0...100, "times the spread of good parts that never counts"
      ),
      .whole(
        "spreadReach", \.spreadReach, 0...3, "pixels around in which the largest spread counts"),
      .onOff("evensLight", \.evensLight, "fit gain and offset of each image to the reference"),
      .whole(
        "shadingCell", \.shadingCell, 0...256,
        "pixels, 8 or more: cells in which slow differences of light are taken off; 0: off"),
      .number(
        "localShift", \.localShift, 0...8,
        "pixels that places of a part may lie off besides, because it bends; 0: off"),
      .number(
        "largestShift", \.registration.largestShift, 0...0.25,
        "how far parts may lie off, share of the picture's size"),
      .number(
        "largestTurnDegrees", \.registration.largestTurnDegrees, 0...15,
        "how far parts may be turned"),
    ]
  }
}

extension LearnedSettings: SettingsTable {
  static var fields: [SettingField<LearnedSettings>] {
    [
      .onOff(
        "turns", \.turns,
        "parts may lie any way round: turned and mirrored images count as the same part"),
      .whole("side", \.side, 32...512, "pixels of the square that images are shrunk to"),
      .whole("epochs", \.epochs, 1...1000, "passes over the images at least"),
      .whole(
        "imagesShown", \.imagesShown, 0...100_000_000,
        "images shown at least: small sets are passed over more often"),
    ]
  }
}

extension PairsSettings: SettingsTable {
  init() { self.init(darkUpTo: 127) }

  static var fields: [SettingField<PairsSettings>] {
    [
      .level("darkUpTo", \.darkUpTo, "gray levels up to this are dark"),
      .whole("candidateLimit", \.candidateLimit, 1...1000, "places judged in an image at most"),
    ]
  }
}
