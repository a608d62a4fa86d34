import ArgumentParser
import FactoryModel
import Foundation
import Imaging
import Inspection
import Pipeline

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Inspect images with a recipe and say pass or reject.",
    discussion: """
      Results go to standard output: a table on a terminal, one JSON object a line when piped or \
      with --json. With --out DIR the record (verdicts.ndjson, verdicts.csv, junit.xml) and \
      report.html are written there.

      Exit code: 0 all passed, 1 rejects (or unsure) found, 2 something could not be inspected or written.
      """)

  @Argument(
    help: "Images, folders (read recursively), patterns; - reads a list from standard input.")
  var paths: [String] = []

  @Option(help: "The recipe folder that `gemba teach` made.")
  var recipe: String

  @Option(help: "Inspect every NAME_test.png in this folder against its NAME_temp.png.")
  var pairs: String?

  @Option(help: "Workers side by side (default: all cores).")
  var jobs: Int?

  @Option(help: "List defects from this score on (default: the recipe's threshold).")
  var minScore: Double?

  @Flag(help: "Print one JSON object a line, on a terminal too.")
  var json = false

  @Flag(help: "Print the summary for people, behind a pipe too.")
  var summary = false

  @Option(help: "Write the record and the report into this folder.")
  var out: String?

  @Flag(help: "With --out: a marked-up PNG of every reject and unsure part, in DIR/overlays.")
  var overlays = false

  @Flag(help: "With --out: a heat map PNG of every reject and unsure part, in DIR/heatmaps.")
  var heatmaps = false

  @Flag(help: "With --out: skip images that DIR/verdicts.ndjson already holds.")
  var resume = false

  @Flag(help: "Keep inspecting images as they appear in the folders, until Ctrl-C.")
  var watch = false

  @Option(help: "Refuse images with more pixels than this (default: 268435456).")
  var maxPixels: Int?

  func validate() throws {
    if paths.isEmpty && pairs == nil {
      throw ValidationError("nothing to inspect; give images or folders, or --pairs DIR")
    }
    if out == nil && (overlays || heatmaps || resume) {
      throw ValidationError("--overlays, --heatmaps and --resume need a folder; add --out DIR")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs); give 1 or more") }
    if json && summary { throw ValidationError("--json and --summary; take one of them") }
    if watch && (pairs != nil || resume) {
      throw ValidationError("--watch goes with folders of images, not with --pairs or --resume")
    }
  }

  func run() throws {
    do {
      throw ExitCode(try InspectRun(self).start())
    } catch let code as ExitCode {
      throw code
    } catch {
      // 1 is taken by rejects: what could not be inspected at all is 2.
      Terminal.note("Error: \(error)")
      throw ExitCode(2)
    }
  }
}
