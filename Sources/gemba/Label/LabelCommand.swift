import ArgumentParser
import FactoryModel
import Foundation
import Inspection
import Pipeline
import Reports

struct LabelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label", abstract: "Say what images show, for the next teaching.",
    discussion: """
      Copies images into DATASET/good or DATASET/defect/CLASS; an image labelled anew leaves its earlier \
      class. Then teach again with `gemba teach --update RECIPE --good DATASET/good --defects \
      DATASET/defect` and the images taught before.
      """)

  @Argument(help: "Images that show one class, with --class.")
  var images: [String] = []

  @Option(name: .customLong("class"), help: "What they show: good, or the class of the defect.")
  var kind: String?

  @Option(
    help: """
      A record of `gemba inspect` (verdicts.ndjson): every unsure image is asked about by turns; an empty \
      answer skips it.
      """)
  var record: String?

  @Option(help: "The data set, a folder.")
  var into: String

  func validate() throws {
    guard (record == nil) != images.isEmpty, (record == nil) == (kind != nil) else {
      throw ValidationError("give either images with --class NAME or --record FILE")
    }
  }

  func run() throws {
    let book = LabelBook(into)
    if let kind {
      for image in images { show(try book.add(image, as: kind)) }
      return
    }
    let unsure = try unsure()
    if unsure.isEmpty { Terminal.note("gemba: no image of \(record ?? "") is unsure") }
    for (index, verdict) in unsure.enumerated() {
      Terminal.note(
        "\(index + 1) of \(unsure.count): \(verdict.image), score \((verdict.score ?? 0).fourDigits)"
          + (verdict.kind.map { ", likely \($0)" } ?? "")
          + "; what does it show (good, or the class of the defect; empty: skip it)?")
      guard let answer = readLine() else { return }
      let kind = answer.trimmingCharacters(in: .whitespaces)
      if !kind.isEmpty { show(try book.add(verdict.image, as: kind)) }
    }
  }

  private func unsure() throws -> [Verdict] {
    let path = record ?? ""
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw Refusal("\(path): the record cannot be read; check the path")
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let verdicts = lines.compactMap(VerdictLine.verdict)
    guard !verdicts.isEmpty || lines.isEmpty else {
      throw Refusal(
        "\(path): there is no verdict in it; give the verdicts.ndjson of gemba inspect --out")
    }
    return verdicts.filter { $0.outcome == .unsure }
  }

  private func show(_ change: LabelBook.Change) {
    switch change {
    case .added(let path): Terminal.result("added \(path)")
    case .unchanged(let path): Terminal.result("already there: \(path)")
    case .moved(let from, let to): Terminal.result("moved \(from) to \(to)")
    }
  }
}
