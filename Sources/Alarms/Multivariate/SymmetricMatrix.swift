/// Eigenvalues, largest first, and the eigenvectors to them, one row each, of a symmetric matrix
/// given by rows.
///
/// Jacobi's method (C. G. J. Jacobi, 1846; cyclic form as in Golub, Van Loan, Matrix Computations,
/// 8.5): turns two axes at a time until nothing is left beside the diagonal. Slower than others for
/// hundreds of rows, but short and exact to the last digits; a plant's model has some dozens. Each
/// vector's largest part is positive, so that one matrix gives one answer.
func symmetricEigen(_ matrix: [[Double]]) -> (values: [Double], vectors: [[Double]]) {
  let count = matrix.count
  precondition(matrix.allSatisfy { $0.count == count }, "the matrix is not square")
  var a = matrix
  var v = (0..<count).map { i in (0..<count).map { $0 == i ? 1.0 : 0.0 } }
  for _ in 0..<100 {
    var rest = 0.0
    var whole = 0.0
    for i in 0..<count {
      for j in 0..<count {
        whole += a[i][j] * a[i][j]
        if i != j { rest += a[i][j] * a[i][j] }
      }
    }
    if rest <= whole * 1e-30 { break }
    for p in 0..<count {
      for q in p + 1..<max(count, p + 1) { turn(&a, &v, p, q) }
    }
  }
  let order = (0..<count).sorted { (a[$1][$1], $0) < (a[$0][$0], $1) }
  let vectors = order.map { place in
    let largest = v[place].max { abs($0) < abs($1) } ?? 0
    return largest < 0 ? v[place].map { -$0 } : v[place]
  }
  return (order.map { a[$0][$0] }, vectors)
}

/// Turns axes `p` and `q` so that the element at (p, q) becomes zero; the vectors are turned along.
private func turn(_ a: inout [[Double]], _ v: inout [[Double]], _ p: Int, _ q: Int) {
  guard a[p][q] != 0 else { return }
  let slope = (a[q][q] - a[p][p]) / (2 * a[p][q])
  let tangent = (slope < 0 ? -1 : 1) / (abs(slope) + (slope * slope + 1).squareRoot())
  let cosine = 1 / (tangent * tangent + 1).squareRoot()
  let sine = tangent * cosine
  for k in a.indices {
    let (kp, kq) = (a[k][p], a[k][q])
    a[k][p] = cosine * kp - sine * kq
    a[k][q] = sine * kp + cosine * kq
  }
  for k in a.indices {
    let (pk, qk) = (a[p][k], a[q][k])
    a[p][k] = cosine * pk - sine * qk
    a[q][k] = sine * pk + cosine * qk
    let (vp, vq) = (v[p][k], v[q][k])
    v[p][k] = cosine * vp - sine * vq
    v[q][k] = sine * vp + cosine * vq
  }
}
