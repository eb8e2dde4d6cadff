// What notebooks/1-getting-started.ipynb does, as a program:
//   npx tsx getting-started.ts
import { mkdir, writeFile } from 'node:fs/promises'
import {
  carriedSample,
  createProblem,
  errorStatistics,
  figures,
  gaussianBaseline,
  type Method,
  pointsFromRows,
  pointsToRows,
  Random,
  rungeKutta,
  solve,
} from 'consistency-pde'

const T = 80
const COUNT = 60
const problem = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: [0.3, 0.7],
    means: [
      [-2, 0],
      [1, 1],
    ],
    stds: [0.5, 0.6],
  },
})
const { mean, scale, trace } = problem.density.moments
const random = Random.stream(0, 'example')

const f = await solve(problem, rungeKutta({ rtol: 1e-10 }), { time: T })
const noise = [
  [-120, -30],
  [60, 40],
  [-40, 0],
]
console.log('where noise comes from:', pointsToRows(f.evaluate(T, pointsFromRows(noise))))

// the truth at T: points of data that the flow has carried there
const truth = carriedSample(problem.density, { time: T, count: 4000, intervals: 2, random })
const last = truth.positions[truth.positions.length - 1] ?? new Float64Array()
async function report(method: Method): Promise<void> {
  const g = await solve(problem, method, { time: T })
  const { relativeError } = errorStatistics(truth.x0, g.ve.evaluate(T, last), truth.weights, trace)
  console.log(`${method.name}: relative error ${relativeError.toPrecision(2)}`)
}
await report(gaussianBaseline())
await report(rungeKutta({ rtol: 1e-10 }))

// trajectories from noise to data, in coordinates that keep both on one page
const flow = carriedSample(problem.density, { time: T, count: COUNT, intervals: 48, random, plain: true })
const back = Array.from(flow.times.keys()).reverse()
const paths = Array.from({ length: COUNT }, (_, i) =>
  back.flatMap((k) =>
    [0, 1].map((j) => (flow.positions[k][2 * i + j] - mean[j]) / Math.hypot(flow.times[k], scale)),
  ),
)
const figure = figures.trajectories({
  title: 'From noise to data',
  dimension: 2,
  times: back.map((k) => flow.times[k]),
  paths,
  timeLabel: 't',
  axes: ['y₁ = (x₁ − μ₁)/r', 'y₂ = (x₂ − μ₂)/r'],
})
await mkdir('figures', { recursive: true })
await writeFile('figures/trajectories.svg', figure.svg)
console.log('Written: figures/trajectories.svg')
