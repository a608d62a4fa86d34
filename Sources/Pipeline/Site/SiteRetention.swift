import Storage
import StrictYAML

/// How long a site's record keeps what.
public struct SiteRetention: Hashable, Sendable {
  /// Samples, by their age behind the newest one: all, unless the site file says otherwise.
  public var samples = Retention()
  /// Orders of actions that have been carried out; those that wait or were given up stay.
  public var actions = Duration.seconds(90 * 86_400)

  /// Small pictures of rejected parts.
  public var pictures = Duration.seconds(90 * 86_400)

  /// The most pictures that are kept, about 600 MB; the oldest go first.
  static let mostPictures = 10_000

  /// Reads `retention:`, a time for samples or keys with values.
  init(_ value: YAMLValue?) throws {
    guard let value else { return }
    if let text = value.text {
      guard let keep = StrictYAML.duration(of: text), keep > .zero else {
        throw value.wrong("a time such as 400d, or samples, thin, actions and pictures")
      }
      samples.keep = keep
      return
    }
    let mapping = try value.mapping(keys: ["samples", "thin", "actions", "pictures"])
    samples.keep = try mapping.duration("samples")
    actions = try mapping.duration("actions") ?? actions
    pictures = try mapping.duration("pictures") ?? pictures
    for key in ["samples", "actions", "pictures"] where try mapping.duration(key) == .zero {
      throw mapping.wrong(key, "a time above 0, such as 400d")
    }
    samples.thinning = try mapping.items("thin") { item in
      let step = try item.mapping(keys: ["after", "every"])
      let after = try step.required("after", step.duration("after"))
      let every = try step.required("every", step.duration("every"))
      guard every > .zero else { throw step.wrong("every", "a time above 0, such as 1m") }
      if let keep = samples.keep, after >= keep {
        throw step.wrong("after", "less than samples, how long they are kept")
      }
      return Retention.Thinning(after: after, every: every)
    }
    for (step, next) in zip(samples.thinning, samples.thinning.dropFirst())
    where next.after <= step.after || next.every <= step.every {
      throw mapping.wrong("thin", "steps that grow in after and in every")
    }
  }
}
