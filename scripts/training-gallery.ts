// Trains the small networks of docs/guide/training-curves.md and draws their curves: npx tsx scripts/training-gallery.ts [folder]
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cdFixedPoint, ctFixedPoint } from '../solvers/fixed-points/index.ts'
import { type TrainingResult, type TrainModelOptions, trainModel } from '../solvers/neural/index.ts'
import type { VeMap } from '../src/consistency-function.ts'
import { createProblem } from '../src/create/create-problem.ts'
import { figurePng, figures } from '../src/figures/index.ts'
import { carriedSample } from '../src/metrics/carried-sample.ts'
import { errorStatistics } from '../src/metrics/error-statistics.ts'
import { Random } from '../src/random/random.ts'

const TIME = 10
const problem = createProblem({
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.7, 0.3], means: [-0.6, 1.4], stds: [0.25, 0.25] },
})
const size = { width: 64, layers: 4, batch: 256, steps: 3000, time: TIME, seed: 0 } as const
/** What differs from the default; teacher: steps of the training of a score that is used in place of the exact one */
type Sort = Omit<TrainModelOptions, 'time' | 'teacher'> & { readonly teacher?: number }

const trainings = {
  pinn: { loss: 'pinn' },
  cd: { loss: 'cd' },
  ct: { loss: 'ct' },
  'ct, N = 8': { loss: 'ct', intervals: 8 },
  'pinn, rate 0.1': { loss: 'pinn', rate: 0.1 },
  'pinn, 8 units': { loss: 'pinn', width: 8 },
  'pinn, 16 points': { loss: 'pinn', batch: 16 },
  'pinn, learned score': { loss: 'pinn', teacher: 300 },
  'cd, Euler, N = 4': { loss: 'cd', solver: 'euler', intervals: 4 },
  'cd, slow target': { loss: 'cd', target: 'ema', targetDecay: 0.9995 },
  'ct, metric l1': { loss: 'ct', metric: 'l1' },
} as const satisfies Record<string, Sort>
type Name = keyof typeof trainings

const pictures: Readonly<Record<string, { title: string; names: readonly Name[] }>> = {
  'curves-healthy': { title: 'Healthy: pinn, cd and ct', names: ['pinn', 'cd', 'ct'] },
  'curves-rate': { title: 'A learning rate that is too large', names: ['pinn', 'pinn, rate 0.1'] },
  'curves-size': {
    title: 'Too small a network, too few points',
    names: ['pinn', 'pinn, 8 units', 'pinn, 16 points'],
  },
  'curves-score': { title: 'A score that is not the true one', names: ['pinn', 'pinn, learned score'] },
  'curves-bias': {
    title: 'Distillation: the bias of its steps, a target that lags',
    names: ['cd', 'cd, Euler, N = 4', 'cd, slow target'],
  },
  'curves-floor': { title: 'The floor of ct', names: ['ct', 'ct, N = 8'] },
  'curves-metric': { title: 'The metric: another map', names: ['ct', 'ct, metric l1'] },
}

const results = new Map<Name, TrainingResult>()
for (const [name, { teacher, ...options }] of Object.entries<Sort>(trainings)) {
  const score =
    teacher === undefined
      ? null
      : await trainModel(problem, { ...size, loss: 'score', steps: teacher, monitor: false })
  const result = await trainModel(problem, {
    ...size,
    ...options,
    ...(score && { teacher: { name: `a score of ${teacher} steps`, model: score.model } }),
  })
  results.set(name as Name, result)
  const last = result.curve.slice(-20)
  const loss = last.reduce((sum, point) => sum + point.loss, 0) / last.length
  console.log(
    `${name}: loss ${loss.toPrecision(3)}, error ${result.monitor?.points.at(-1)?.error.toPrecision(3)}`,
  )
}

const { density } = problem
const sample = carriedSample(density, { time: TIME, count: 4096, intervals: 2, random: new Random(1) })
const fixedPoints = {
  'ct, N = 64': ctFixedPoint({ intervals: 64 }),
  'ct, N = 8': ctFixedPoint({ intervals: 8 }),
  'ct, N = 64, l1': ctFixedPoint({ intervals: 64, metric: 'l1' }),
  'cd, Heun, N = 64': cdFixedPoint({ intervals: 64, solver: 'heun' }),
  'cd, Euler, N = 4': cdFixedPoint({ intervals: 4, solver: 'euler' }),
}
for (const [name, method] of Object.entries(fixedPoints)) {
  const map = method.solveVe(density, { time: TIME, seed: 0 }) as VeMap
  const values = map.evaluate(TIME, sample.positions[2])
  const { relativeError } = errorStatistics(sample.x0, values, sample.weights, density.moments.trace)
  console.log(`fixed point of ${name}: error ${relativeError.toPrecision(3)}`)
}

const folder = process.argv[2] ?? 'docs/figures'
await mkdir(folder, { recursive: true })
for (const [file, { title, names }] of Object.entries(pictures)) {
  const figure = figures.trainingCurve({
    name: file,
    title,
    errorLabel: 'relative error at T',
    networks: names.map((name) => {
      const { curve, monitor } = results.get(name) as TrainingResult
      return {
        label: name,
        step: curve.map(({ step }) => step),
        loss: curve.map((point) => point.loss),
        ...(monitor && {
          error: {
            step: monitor.points.map(({ step }) => step),
            value: monitor.points.map(({ error }) => error),
          },
        }),
      }
    }),
  })
  await writeFile(join(folder, `${file}.png`), await figurePng(figure, 1.2))
}
