import type { ConsistencyFunction } from '../../src/consistency-function.ts'
import { type Points, points, rowMajor } from '../../src/points/points.ts'
import { ownScore } from '../../src/problem/own-score.ts'
import type { Problem } from '../../src/problem/problem.ts'

/** Points of time T, taken to time t by an equation of the original note as it stands. */
type Slip = (problem: Problem, f: ConsistencyFunction, T: number, t: number, X: Points) => Points

const STEPS = 400

/**
 * The slips of the original note (docs/mathematics.md §1.5) left as they are, for the VE process: what they make of samples of p_T is
 * not p_t.
 */
export const slips: Readonly<Record<string, Slip>> = {
  // dX̄ = −u s(T − u, X̄) du: the factor u for T − u, and the sign
  'slip 1: equation (5) as written': (problem, _, T, t, X) =>
    march(problem, T, t, X, (u, score) => -u * score),
  // x ← x + (t_{n+1} − t_n) s(t_{n+1}, x): the factor t_{n+1} is missing
  'slip 2: CD step without the factor t': (problem, _, T, t, X) =>
    march(problem, T, t, X, (_u, score) => score),
  // a jump that is told its duration alone cannot know that it starts at T: here one that ends at 0
  'slip 3: jump by its duration alone': (_problem, f, T, t, X) => f.flow?.evaluate(T - t, 0, X) ?? X,
}

/** Heun's method in reversed time u = T − t. */
function march(
  problem: Problem,
  T: number,
  t: number,
  X: Points,
  velocity: (u: number, score: number) => number,
) {
  const x = rowMajor(X).slice()
  const h = (T - t) / STEPS
  const [first, second] = [new Float64Array(x.length), new Float64Array(x.length)]
  for (let k = 0; k < STEPS; k++) {
    const u = k * h
    ownScore(problem, T - u, x, first)
    const place = x.map((value, i) => value + h * velocity(u, first[i]))
    ownScore(problem, T - u - h, place, second)
    for (let i = 0; i < x.length; i++) x[i] += (h / 2) * (velocity(u, first[i]) + velocity(u + h, second[i]))
  }
  return points(x, problem.dimension)
}
