// Seven things to do with the package, a few lines each:
//   npx tsx newcomer.ts          (--quick: small sizes, for a look in seconds)
import { mkdir, writeFile } from 'node:fs/promises'
import {
  certify,
  convergenceFigure,
  convergenceTest,
  convergenceText,
  createProblem,
  distill,
  forwardMap,
  measureError,
  pinn,
  pointsToRows,
  problemFromScore,
  Random,
  readPoints,
  rungeKutta,
  sampleNoised,
  solve,
  trajectories,
  writePoints,
} from 'consistency-pde'

const quick = process.argv.includes('--quick')
const [samples, steps, nodes] = quick ? [256, 20, 33] : [16_384, 12_000, 129]
const time = 10
await mkdir('newcomer', { recursive: true })

// 1. a mixture of your own, and where noise comes from by two methods
const data = { kind: 'mixture', weights: [0.3, 0.7], means: [-2, 1], stds: [0.5, 0.6] } as const
const problem = createProblem({ process: { kind: 've' }, data })
const noise = [3, -5]
for (const method of [rungeKutta({ rtol: 1e-8 }), forwardMap({ nodes })]) {
  const f = await solve(problem, method, { time })
  console.log(f.info.method, pointsToRows(f.evaluate(time, noise)), ...f.warnings)
}

// 2. trajectories at given times
const { times, positions } = await trajectories(problem, noise, { times: [10, 3, 1, 0.3, 0] })
for (const [k, t] of times.entries()) console.log(`t = ${t}:`, positions.get(k, 0, 0), positions.get(k, 1, 0))

// 3. how fast solvers converge: table and plot
const orders = await convergenceTest(['heun', 'dopri5'], problem, { time, trajectories: samples })
console.log(convergenceText(orders))
await writeFile('newcomer/convergence.svg', convergenceFigure(orders).svg)

// 4. two networks, each with its error and the certificate that bounds it
for (const method of [pinn({ steps }), distill({ steps })]) {
  const f = await solve(problem, method, { time, seed: 1 })
  const { relativeError, standardError } = await measureError(f, problem, { time, samples })
  const { estimate, reason } = await certify(f, problem, { time, samples })
  console.log(
    `${f.info.method}: error ${relativeError} ± ${standardError}, at most ${estimate}`,
    reason ?? '',
  )
}

// 5. a score of your own, as a function
const score = (t: number, X: Float64Array) => X.map((x) => -x / (1 + t * t))
const own = problemFromScore({ dimension: 1, score, mean: [0], covariance: [[1]] })
const g = await solve(own, rungeKutta({ rtol: 1e-10 }), { time })
console.log('own score:', pointsToRows(g.evaluate(time, [3, -5])), 'exactly', 3 / Math.hypot(1, time))

// 6. flow matching, to its end in noise alone
const matching = createProblem({ process: { kind: 'flowMatching' }, data })
const h = await solve(matching, rungeKutta({ rtol: 1e-10 }), { time: 1 })
console.log('flow matching:', (await measureError(h, matching, { time: 1, samples })).relativeError)

// 7. points from a .npy file in, samples of their density out
await writePoints('newcomer/data.npy', sampleNoised(problem, 0, 500, Random.stream(0, 'data')))
const points = await readPoints('newcomer/data.npy')
const density = createProblem({
  process: { kind: 've' },
  data: { kind: 'empirical', points, bandwidth: 0.2 },
})
const sampler = await solve(density, rungeKutta({ rtol: 1e-5 }), { time: 80 })
const drawn = sampleNoised(density, 80, samples, Random.stream(0, 'noise'))
await writePoints('newcomer/samples.npy', sampler.evaluate(80, drawn))
console.log('samples:', drawn.shape, 'in newcomer/samples.npy')
