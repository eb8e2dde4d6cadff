/** Faces of the cells of a line, ascending. */
export type Faces = Float64Array

// shares of a piece between two places that its cells may have, and how fast cells grow with the distance from it
const SHARE = 0.25
const GROWTH = 0.3
// places closer than this part of the whole are one
const ONE = 1e-9

/**
 * Cells between `low` and `high`, at most `longest` wide, with faces at the places, small where places are close to each other: adjacent cells
 * differ by about a factor of 2 at most but at the places.
 *
 * @returns null for more than `most` cells
 */
export function lineCells(
  low: number,
  high: number,
  longest: number,
  places: readonly number[],
  most: number,
): Faces | null {
  const ends = [low]
  for (const place of [...places, high])
    if (place - ends[ends.length - 1] > ONE * (high - low)) ends.push(place)
  ends[ends.length - 1] = high
  const faces = [low]
  for (let k = 0; k < ends.length - 1; k++) if (!divide(ends[k], ends[k + 1])) return null
  return Float64Array.from(faces)

  /** Halves until cells are as short as allowed. */
  function divide(from: number, to: number): boolean {
    if (to - from > allowed(from, to)) {
      const middle = (from + to) / 2
      return divide(from, middle) && divide(middle, to)
    }
    faces.push(to)
    return faces.length <= most + 1
  }

  function allowed(from: number, to: number): number {
    let least = longest
    for (let k = 0; k < ends.length - 1; k++) {
      const distance = Math.max(0, ends[k] - to, from - ends[k + 1])
      least = Math.min(least, SHARE * (ends[k + 1] - ends[k]) + GROWTH * distance)
    }
    return least
  }
}

/** Every cell in halves. */
export function halved(faces: Faces): Faces {
  return Float64Array.from({ length: 2 * faces.length - 1 }, (_, k) =>
    k % 2 === 0 ? faces[k / 2] : (faces[(k - 1) / 2] + faces[(k + 1) / 2]) / 2,
  )
}
