import Foundation
import Imaging
import Inspection
import Pipeline
import TestSupport
import Testing

@Suite("folders of images")
struct ImageListTests {
  private let folder = TemporaryFolder()

  private func make(_ files: [String]) throws -> String {
    for file in files { try DurableFile.write("", to: folder.file(file)) }
    return folder.path
  }

  @Test("a folder without a PNG is named, with pictures of other formats counted")
  func otherFormats() throws {
    let root = try make(["a.jpg", "b.TIF", "notes.txt"])
    let list = ImageList(paths: [root])
    #expect(list.images.isEmpty)
    #expect(list.missing.map(\.path) == [root])
    #expect(try #require(list.warning).hasPrefix("2 pictures of other formats left out"))
    try DurableFile.write("", to: root + "/c.png")
    #expect(ImageList(paths: [root]).missing.isEmpty)
  }

  @Test("a path in a command to copy is one word to the shell")
  func shellWords() throws {
    for path in ["plain/a-1_b.csv", "a b", "it's", "", "$HOME", "*", "ü;x", "a\nb", "\"q\""] {
      let process = Process()
      let pipe = Pipe()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "printf '%s|' \(PathText.inShell(path))"]
      process.standardOutput = pipe
      try process.run()
      process.waitUntilExit()
      let printed = pipe.fileHandleForReading.readDataToEndOfFile()
      #expect(String(decoding: printed, as: UTF8.self) == path + "|")
    }
    #expect(PathText.inShell("plain/a-1_b.csv") == "plain/a-1_b.csv")
  }

  @Test("a name that is not UTF-8 is refused with that reason")
  func names() throws {
    let root = try make([])
    let path = Array((root + "/gr").utf8) + [0xFC] + Array("n.png".utf8) + [0]
    let file = unsafe path.withUnsafeBytes { bytes in
      unsafe open(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), O_CREAT | O_WRONLY, 0o644)
    }
    close(file)
    let list = ImageList(paths: [root])
    #expect(list.images.isEmpty)
    #expect(try #require(list.missing.first).reason.hasSuffix("not in UTF-8; rename the file"))
  }

  @Test("an output folder that cannot be made is refused with its path")
  func unwritable() throws {
    let root = try make(["file"])
    for path in [root + "/file", root + "/file/below"] {
      #expect(throws: DurableFileError.self) { try DurableFile.makeFolder(path) }
      #expect(throws: DurableFileError.self) { try DurableFile.prepareFolder(path) }
    }
    try DurableFile.prepareFolder(root + "/new/recipe")
    #expect(!FileManager.default.fileExists(atPath: root + "/new/recipe"))
  }

  @Test("images that a groups file does not name are told")
  func groups() throws {
    let file = try PartsFile(parsing: "a.png,1\nb.png,1\n", name: "groups")
    #expect(file.warning(of: ["x/a.png", "x/b.png"]) == nil)
    let warning = try #require(file.warning(of: ["x/a.png", "x/c.png", "x/d.png"]))
    #expect(warning.contains("2 of 3 images, the first x/c.png"))
  }

  @Test("an image given as good and as defective is refused")
  func bothLabels() throws {
    let root = try make(["a.png", "b.png"])
    try FileManager.default.createSymbolicLink(
      atPath: root + "/link.png", withDestinationPath: "a.png")
    func image(_ name: String, _ kind: String? = nil) -> TeachingImage {
      TeachingImage(name: root + "/" + name, part: name, kind: kind) {
        Frame(Plane(width: 8, height: 8, filledWith: 0))
      }
    }
    var teaching = RecipeTeaching(
      RecipePlan(method: GrayReferenceModel.method), good: [image("a.png")],
      defects: [image("b.png", "crack")], jobs: 1)
    try teaching.checkLabels()
    teaching.defects.append(image("link.png", "crack"))
    #expect(throws: InspectionError.self) { try teaching.checkLabels() }
  }
}
