import Imaging
import Testing

@testable import Inspection

@Suite("Registration") struct RegistrationTests {
  private func loaded(_ plane: Plane, finest: Int = 0, whole: Int = .max) throws -> GrayPyramid {
    var rows = SmoothedRows(width: plane.width, height: plane.height, whole: whole)
    rows.start(PlaneRows(plane))
    return try GrayPyramid(of: &rows, finest: finest)
  }

  @Test(
    "a moved, turned and relit part is found to a twentieth of a pixel",
    arguments: [
      (0.0, 0.0, 0.0, 1.0, 0.0), (0.4, -0.3, 0.2, 1, 0), (3.3, 2.7, -1, 0.8, 20),
      (-9.6, 6.2, 2.5, 1.1, -10), (17, -15, 4.5, 1, 0), (-12.5, -9.25, -5, 0.7, 30),
    ])
  func findsMotion(dx: Double, dy: Double, degrees: Double, gain: Double, offset: Double) throws {
    let registration = Registration(
      try loaded(GrayPart().drawn(seed: 1)), settings: RegistrationSettings())
    let part = GrayPart(dx: dx, dy: dy, degrees: degrees, gain: gain, offset: offset)
    var scratch = AlignmentScratch()
    let motion = registration.motion(of: try loaded(part.drawn(seed: 2)), scratch: &scratch)
    print("motion", motion, "degrees", motion.radians * 180 / .pi, "wanted", dx, dy, degrees)
    #expect(abs(motion.dx - dx) < 0.05)
    #expect(abs(motion.dy - dy) < 0.05)
    #expect(abs(motion.radians * 180 / .pi - degrees) < 0.05)
  }

  @Test("levels are the same from rows as they come, and finest levels can be left out")
  func levelsFromRows() throws {
    let plane = GrayPart(width: 213, height: 187).drawn(seed: 4)
    let whole = try loaded(plane)
    for finest in 0...2 {
      let streamed = try loaded(plane, finest: finest, whole: 0)
      #expect(streamed.levels[finest...] == whole.levels[finest...])
      #expect(streamed.levels[..<finest].joined().isEmpty)
    }
  }

  @Test(
    "without the finest level a part is found a little less closely",
    arguments: [(3.3, 2.7, -1.0), (-9.6, 6.2, 2.5)])
  func findsOnCoarserLevel(dx: Double, dy: Double, degrees: Double) throws {
    let registration = Registration(
      try loaded(GrayPart().drawn(seed: 1), finest: 1), settings: RegistrationSettings())
    let part = GrayPart(dx: dx, dy: dy, degrees: degrees)
    var scratch = AlignmentScratch()
    let motion = registration.motion(
      of: try loaded(part.drawn(seed: 2), finest: 1), scratch: &scratch)
    print("on level 1: motion", motion, "wanted", dx, dy, degrees)
    #expect(abs(motion.dx - dx) < 0.1 && abs(motion.dy - dy) < 0.1)
    #expect(abs(motion.radians * 180 / .pi - degrees) < 0.1)
  }

  @Test("an image of nothing stays where it is")
  func keepsStill() throws {
    let registration = Registration(
      try loaded(GrayPart().drawn(seed: 1)), settings: RegistrationSettings())
    var scratch = AlignmentScratch()
    let flat = try loaded(Plane(width: 200, height: 180, filledWith: 90))
    #expect(registration.motion(of: flat, scratch: &scratch) == .none)
  }

  @Test("the inverse of a motion leads back")
  func invertsMotion() {
    let motion = RigidMotion(dx: 3.5, dy: -2.25, radians: 0.07)
    let there = motion.position(x: 10, y: 20, width: 101, height: 57)
    let back = motion.inverse.position(x: there.x, y: there.y, width: 101, height: 57)
    #expect(abs(back.x - 10) < 1e-9 && abs(back.y - 20) < 1e-9)
  }
}
