import Inspection
import Pipeline
import Synchronization
import Testing

@Test("no piece of a stage begins before the stage before is done", arguments: [1, 2, 3, 8])
func stages(_ threads: Int) {
  let pieces = [5, 1, 3, 0, 8, 2]
  for _ in 0..<200 {
    let done = Mutex([Int](repeating: 0, count: pieces.count))
    AllCores(count: threads).inStages(pieces) { stage, piece in
      done.withLock { done in
        #expect(piece < pieces[stage])
        #expect(Array(done[..<stage]) == Array(pieces[..<stage]))
        done[stage] += 1
      }
    }
    #expect(done.withLock { $0 } == pieces)
  }
}
