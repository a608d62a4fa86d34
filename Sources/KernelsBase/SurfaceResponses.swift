/// Twelve responses of one pyramid level averaged over one row of cells of `step × step` pixels,
/// step 8, 4 or 2, in the order |dx| |dy| |d1| |d2| dxx⁺ dxx⁻ dyy⁺ dyy⁻ |dxy| dog⁺ dog⁻ |high-pass|.
///
/// The three planes have the same `stride`; `lowAt`, `levelAt` and `dogAt` are the offsets of column 0
/// of the cells' first row. `low` has one more row above and below, and one more column beside.
/// Slopes run in one pass over a column of vectors and curvatures in another, so that the sums stay
/// in registers. The parts a⁺, a⁻ of a sum come from Σ|a| and Σa.
public func surfaceResponses(
  low: Span<Float>, lowAt: Int, level: Span<Float>, levelAt: Int, dog: Span<Float>, dogAt: Int,
  stride: Int, step: Int, cells: Int, into out: inout MutableSpan<Float>, from start: Int,
  cellStride: Int
) {
  var column = 0
  while column < cells &* step {
    slopes(
      low, lowAt &+ column, stride, step, column, cells, &out, start, cellStride)
    curvatures(
      low, lowAt &+ column, level, levelAt &+ column, dog, dogAt &+ column, stride, step, column,
      cells, &out, start, cellStride)
    column &+= 8
  }
}

@inline(__always)
private func slopes(
  _ low: Span<Float>, _ at: Int, _ stride: Int, _ step: Int, _ column: Int, _ cells: Int,
  _ out: inout MutableSpan<Float>, _ start: Int, _ cellStride: Int
) {
  var across = SIMD8<Float>.zero
  var down = SIMD8<Float>.zero
  var falling = SIMD8<Float>.zero
  var rising = SIMD8<Float>.zero
  var mixed = SIMD8<Float>.zero
  var above = load8(low, at &- stride)
  var here = load8(low, at)
  var acrossAbove = load8(low, at &- stride &+ 1) - load8(low, at &- stride &- 1)
  var acrossHere = load8(low, at &+ 1) - load8(low, at &- 1)
  var next = at &+ stride
  for _ in 0..<step {
    let below = load8(low, next)
    let acrossBelow = load8(low, next &+ 1) - load8(low, next &- 1)
    let vertical = below - above
    across += magnitude(acrossHere)
    down += magnitude(vertical)
    falling += magnitude(acrossHere + vertical)
    rising += magnitude(acrossHere - vertical)
    mixed += magnitude(acrossBelow - acrossAbove)
    above = here
    here = below
    acrossAbove = acrossHere
    acrossHere = acrossBelow
    next &+= stride
  }
  let scale = 1 / Float(step &* step)
  putCells(across * (0.5 * scale), step, column, cells, &out, start, cellStride)
  putCells(down * (0.5 * scale), step, column, cells, &out, start &+ 1, cellStride)
  putCells(falling * (0.35355 * scale), step, column, cells, &out, start &+ 2, cellStride)
  putCells(rising * (0.35355 * scale), step, column, cells, &out, start &+ 3, cellStride)
  putCells(mixed * (0.25 * scale), step, column, cells, &out, start &+ 8, cellStride)
}

@inline(__always)
private func curvatures(
  _ low: Span<Float>, _ at: Int, _ level: Span<Float>, _ levelAt: Int, _ dog: Span<Float>,
  _ dogAt: Int, _ stride: Int, _ step: Int, _ column: Int, _ cells: Int,
  _ out: inout MutableSpan<Float>, _ start: Int, _ cellStride: Int
) {
  var across = SIMD8<Float>.zero
  var acrossSize = SIMD8<Float>.zero
  var down = SIMD8<Float>.zero
  var downSize = SIMD8<Float>.zero
  var spot = SIMD8<Float>.zero
  var spotSize = SIMD8<Float>.zero
  var fine = SIMD8<Float>.zero
  var above = load8(low, at &- stride)
  var here = load8(low, at)
  var row = 0
  for _ in 0..<step {
    let place = at &+ row
    let below = load8(low, place &+ stride)
    let twice = here + here
    let dxx = load8(low, place &- 1) + load8(low, place &+ 1) - twice
    let dyy = above + below - twice
    let difference = load8(dog, dogAt &+ row)
    across += dxx
    acrossSize += magnitude(dxx)
    down += dyy
    downSize += magnitude(dyy)
    spot += difference
    spotSize += magnitude(difference)
    fine += magnitude(load8(level, levelAt &+ row) - here)
    above = here
    here = below
    row &+= stride
  }
  let scale = 1 / Float(step &* step)
  let half = 0.5 * scale
  putCells((acrossSize + across) * half, step, column, cells, &out, start &+ 4, cellStride)
  putCells((acrossSize - across) * half, step, column, cells, &out, start &+ 5, cellStride)
  putCells((downSize + down) * half, step, column, cells, &out, start &+ 6, cellStride)
  putCells((downSize - down) * half, step, column, cells, &out, start &+ 7, cellStride)
  putCells((spotSize + spot) * half, step, column, cells, &out, start &+ 9, cellStride)
  putCells((spotSize - spot) * half, step, column, cells, &out, start &+ 10, cellStride)
  putCells(fine * scale, step, column, cells, &out, start &+ 11, cellStride)
}

/// The mean over one row of cells of dog⁺ and of dog⁻, each spread to the largest value of the
/// `step × step` window that reaches step/2 up and left.
///
/// `dog` holds zeros outside the image, step/2 rows above, step/2 − 1 below and 8 columns beside;
/// `highest` and `lowest` are scratch of `step` rows of `stride`, which begin 8 columns before column 0.
/// Down the columns windows share the maxima of the upper and the lower half (van Herk 1992).
public func surfacePeaks(
  _ dog: Span<Float>, at: Int, stride: Int, step: Int, cells: Int,
  highest: inout MutableSpan<Float>, lowest: inout MutableSpan<Float>,
  into out: inout MutableSpan<Float>, from start: Int, cellStride: Int
) {
  let first = at &- (step / 2) &* stride &- 8
  var column = 0
  while column < stride {
    var place = first &+ column &+ (step &- 1) &* stride
    var high = load8(dog, place)
    var low = high
    var row = (step &- 1) &* stride &+ column
    store8(high, &highest, row)
    store8(low, &lowest, row)
    for _ in 1..<step {
      place &-= stride
      row &-= stride
      let value = load8(dog, place)
      high = larger(high, value)
      low = smaller(low, value)
      store8(high, &highest, row)
      store8(low, &lowest, row)
    }
    place = first &+ column &+ step &* stride
    high = load8(dog, place)
    low = high
    row = stride &+ column
    store8(larger(load8(highest, row), high), &highest, row)
    store8(smaller(load8(lowest, row), low), &lowest, row)
    for _ in 2..<max(step, 2) {
      place &+= stride
      row &+= stride
      let value = load8(dog, place)
      high = larger(high, value)
      low = smaller(low, value)
      store8(larger(load8(highest, row), high), &highest, row)
      store8(smaller(load8(lowest, row), low), &lowest, row)
    }
    column &+= 8
  }
  peaksAcross(highest, lowest, stride, step, cells, &out, start, cellStride)
}

@inline(__always)
private func peaksAcross(
  _ highest: borrowing MutableSpan<Float>, _ lowest: borrowing MutableSpan<Float>, _ stride: Int,
  _ step: Int, _ cells: Int, _ out: inout MutableSpan<Float>, _ start: Int, _ cellStride: Int
) {
  let zero = SIMD8<Float>.zero
  let scale = 1 / Float(step &* step)
  var column = 0
  while column < cells &* step {
    var positive = SIMD8<Float>.zero
    var negative = SIMD8<Float>.zero
    var at = 8 &+ column &- step / 2
    for _ in 0..<step {
      var high = zero
      var low = zero
      for k in 0..<step {
        high = larger(high, load8(highest, at &+ k))
        low = smaller(low, load8(lowest, at &+ k))
      }
      positive += high
      negative -= low
      at &+= stride
    }
    putCells(positive * scale, step, column, cells, &out, start, cellStride)
    putCells(negative * scale, step, column, cells, &out, start &+ 1, cellStride)
    column &+= 8
  }
}

/// The mean of each cell of 8 × 8 pixels in one row of cells.
public func cellMeans(
  _ level: Span<Float>, at: Int, stride: Int, cells: Int, into out: inout MutableSpan<Float>,
  from start: Int
) {
  for cell in 0..<cells {
    var sum = SIMD8<Float>.zero
    var place = at &+ 8 &* cell
    for _ in 0..<8 {
      sum += load8(level, place)
      place &+= stride
    }
    out[start &+ cell] = total(sum) * (1 / 64)
  }
}

/// Sums of `step` neighbouring lanes, one for each cell that the vector at `column` covers.
@inline(__always)
private func putCells(
  _ v: SIMD8<Float>, _ step: Int, _ column: Int, _ cells: Int, _ out: inout MutableSpan<Float>,
  _ start: Int, _ cellStride: Int
) {
  if step == 8 {
    out[start &+ (column / 8) &* cellStride] = total(v)
  } else if step == 4 {
    let pairs = v.evenHalf + v.oddHalf
    let cell = column / 4
    out[start &+ cell &* cellStride] = pairs[0] + pairs[1]
    if cell &+ 1 < cells { out[start &+ (cell &+ 1) &* cellStride] = pairs[2] + pairs[3] }
  } else {
    let pairs = v.evenHalf + v.oddHalf
    let cell = column / 2
    let last = min(4, cells &- cell)
    for k in 0..<last { out[start &+ (cell &+ k) &* cellStride] = pairs[k] }
  }
}

@inline(__always)
private func total(_ v: SIMD8<Float>) -> Float {
  let four = v.lowHalf + v.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}
