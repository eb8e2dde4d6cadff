import { ownPoints, processTime, veData } from '../../src/problem/process.ts'
import type { MakeFamilies } from './cause.ts'

const one = { variant: '', ladder: [1], whole: true, falls: false, smears: false } as const

/** f(t, x) = x: a semigroup of maps that satisfies every composition rule and moves nothing. */
export const identityFamilies: MakeFamilies = ({ problem, times, positions, time }) => [
  {
    ...{ cause: 'identity', ...one },
    predict: () => ({
      values: times.map((tau, k) =>
        veData(
          problem.process,
          ownPoints(problem.process, processTime(problem.process, tau, time), positions[k]),
        ),
      ),
    }),
  },
]

/** f(t, x) = E X₀: the constant that a loss without its boundary condition may end in. */
export const collapseFamilies: MakeFamilies = ({ problem, positions }) => [
  {
    ...{ cause: 'collapse', ...one },
    predict: () => ({
      values: positions.map((x) => x.map((_, i) => problem.density.moments.mean[i % problem.dimension])),
    }),
  },
]
