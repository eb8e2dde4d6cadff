import { processOf, specificationOf } from '../state/process.ts'
import type { State } from '../state/state.ts'
import { coordinatesOf } from './coordinates.ts'
import { dataOf } from './data.ts'

/** The problem as a problem file (docs/problem-files.md). */
export function problemOf({ modes, process }: Pick<State, 'modes' | 'process'>) {
  const { weights, means, variances } = dataOf(modes, processOf(process)).marginal
  return {
    process: specificationOf(process),
    data: {
      kind: 'mixture',
      weights: Array.from(weights),
      means: Array.from(means, (mean) => [mean]),
      stds: Array.from(variances, Math.sqrt),
    },
  }
}

/** Shell commands that compute what the page shows: the fixed points of the losses, or the exact map at the launched points. */
export function commandOf(state: State): string {
  const problem = `echo '${JSON.stringify(problemOf(state))}' > p.json`
  if (state.method !== 'exact')
    return `${problem}\nnpx consistency-pde coupling --problem p.json --time ${state.time} --intervals ${state.intervals} --out coupling`
  const { time, launches, modes } = state
  const process = processOf(state.process)
  const data = dataOf(modes, process)
  const { toX } = coordinatesOf(data, process, time)
  const points =
    launches.length > 0
      ? launches.map((launch) => [data.flow(launch.time, launch.x, time)])
      : [-2, -1, 0, 1, 2].map((y) => [toX(time, y)])
  return [
    problem,
    `echo '${JSON.stringify(points)}' > x.json`,
    `npx consistency-pde evaluate --problem p.json --method exact --time ${time} --points x.json --out f.json`,
  ].join('\n')
}
