import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeSafetensors, type Tensor } from '../../src/io/safetensors.ts'
import { rowMajor } from '../../src/points/points.ts'
import { Random } from '../../src/random/random.ts'
import { type Outcome, runCli } from './in-process.ts'
import { WorkFolder } from './work-folder.ts'

const N = 400
const SHAPE = [2, 3]
const D = 6
const TIMES = [0, 0.5, 1, 2, 4]

// N(3, 1) in every coordinate: x(t) = 3 + (x₀ − 3) √(1 + t²), and f(t, x) = 3 + (x − 3)/√(1 + t²)
const random = Random.stream(1, 'trajectories')
const start = Float64Array.from({ length: N * D }, () => 3 + random.normal())
const carry = (t: number, x0 = start) => x0.map((value) => 3 + (value - 3) * Math.sqrt(1 + t * t))

function tensors(values: (t: number, x: Float64Array) => Float64Array, times = TIMES) {
  const positions = times.map((t) => carry(t))
  return {
    t: { shape: [times.length], data: Float64Array.from(times) },
    x: stacked(positions),
    f: stacked(positions.map((x, k) => values(times[k], x))),
  }
}

function stacked(rows: readonly Float64Array[]): Tensor {
  return { shape: [rows.length, N, ...SHAPE], data: Float64Array.from(rows.flatMap((row) => [...row])) }
}

const exact = (t: number, x: Float64Array) => x.map((value) => 3 + (value - 3) / Math.sqrt(1 + t * t))

let folder: WorkFolder
beforeAll(async () => {
  folder = await WorkFolder.create({})
})
afterAll(() => folder.remove())

let made = 0
async function score(all: Record<string, Tensor>, ...more: string[]): Promise<Outcome> {
  const { writeFile } = await import('node:fs/promises')
  const file = folder.file(`${made++}.safetensors`)
  await writeFile(file, encodeSafetensors(all))
  return runCli(['score', '--trajectories', file, ...more])
}

async function result(all: Record<string, Tensor>) {
  const { code, stdout, stderr } = await score(all, '--json')
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

/** tr Cov and mean of the rows of x₀. */
function spreadOfStart() {
  const mean = Array.from(
    { length: D },
    (_, i) => start.filter((_, at) => at % D === i).reduce((a, b) => a + b, 0) / N,
  )
  return start.reduce((sum, value, at) => sum + (value - mean[at % D]) ** 2, 0) / N
}

test('the flow itself has no error', async () => {
  const found = await result(tensors(exact))
  expect(found.error.value).toBeLessThan(1e-14)
  expect(found.incrementBound).toBeLessThan(1e-14)
  expect(found).toMatchObject({ count: N, dimension: D, shape: SHAPE, solverError: null })
})

test('a map that drifts off has the error of its last values, its increments and their sum', async () => {
  // off by a(t) in the first coordinate, up and down again
  const off = [0, 0.3, 0.1, 0.1, 0.4]
  const found = await result(
    tensors((t, x) => exact(t, x).map((value, at) => value + (at % D === 0 ? off[TIMES.indexOf(t)] : 0))),
  )
  const unit = Math.sqrt(spreadOfStart())
  expect(found.error.value).toBeCloseTo(0.4 / unit, 12)
  expect(found.median).toBeCloseTo(0.4 / unit, 12)
  expect(found.byTime.map(({ time }: { time: number }) => time)).toEqual(TIMES)
  for (const [k, { error, increment }] of found.byTime.entries()) {
    expect(error).toBeCloseTo(off[k] / unit, 12)
    expect(increment).toBeCloseTo(Math.abs(off[k] - (off[k - 1] ?? 0)) / unit, 12)
  }
  expect(found.incrementBound).toBeCloseTo((0.3 + 0.2 + 0.3) / unit, 12)
  expect(found.cancellation).toBeCloseTo(2, 12)
  // every row is off by the same, so nothing is uncertain
  for (const end of found.error.interval) expect(end).toBeCloseTo(found.error.value, 12)
})

test('weights count rows, and the worst row is named', async () => {
  const all = tensors((t, x) => exact(t, x).map((value, at) => value + (t === 4 && at === 7 * D + 2 ? 5 : 0)))
  const once = await result(all)
  expect(once.worst[0]).toMatchObject({ row: 7, share: 1 })
  const twice = await result({
    ...all,
    weights: { shape: [N], data: Float64Array.from({ length: N }, (_, row) => (row === 7 ? 2 : 1)) },
  })
  // the mean of one square among N + 1 in place of N, twice; the spread of the data hardly changes
  expect(twice.error.value / once.error.value).toBeGreaterThan(1.38)
  expect(twice.error.value / once.error.value).toBeLessThan(1.42)
  const without = await result({
    ...all,
    weights: { shape: [N], data: Float64Array.from({ length: N }, (_, row) => (row === 7 ? 0 : 1)) },
  })
  expect(without.error.value).toBeLessThan(1e-14)
})

test('the affine error is that of the best scaled and shifted copy of the noise', async () => {
  // here the flow is such a map
  expect((await result(tensors(exact))).affineError).toBeLessThan(1e-7)
  // and here x_T says nothing of x₀: one half of the variance of x₀ + noise
  const all = tensors(exact)
  const noise = Float64Array.from({ length: N * D }, () => random.normal())
  all.x.data.set(
    start.map((value, at) => value + noise[at]),
    (TIMES.length - 1) * N * D,
  )
  expect((await result(all)).affineError).toBeCloseTo(Math.SQRT1_2, 1)
})

test('a coarse integration is compared with the end that it belongs to', async () => {
  const shifted = (x: Float64Array, by: number): Tensor => ({
    shape: [N, ...SHAPE],
    data: x.map((value, at) => value + (at % D === 0 ? by : 0)),
  })
  const unit = Math.sqrt(spreadOfStart())
  const back = await result({ ...tensors(exact), xCoarse: shifted(start, 0.02) })
  expect(back.solverError).toBeCloseTo(0.02 / unit, 12)
  expect(back.solverErrorAt).toBe('data')
  const forward = await result({ ...tensors(exact), xCoarse: shifted(carry(4), 0.02) })
  expect(forward.solverError).toBeCloseTo(0.02 / (unit * Math.sqrt(17)), 12)
  expect(forward.solverErrorAt).toBe('noise')
})

test('the text leads with the error, then says when it arises', async () => {
  const { stdout } = await score(tensors((t, x) => exact(t, x).map((value) => value + 0.1 * t)))
  expect(stdout).toMatch(
    /^The relative error at time 4, against the flow of these 400 trajectories, is 0\.39/,
  )
  expect(stdout).toMatch(/time\s+error\s+increment\n/)
  expect(stdout).toMatch(/The increments at 5 times add up to 0\.39\d, hardly more than the error/)
  expect(stdout).toMatch(/The worst trajectories are rows /)
})

test('the page has the errors by time and, of images, the truth, the map and their difference', async () => {
  const { readFile } = await import('node:fs/promises')
  const out = folder.file('report')
  const images = (shape: readonly number[]) =>
    Object.fromEntries(
      Object.entries(tensors((t, x) => exact(t, x).map((value, at) => value + (at === 7 * D ? t : 0)))).map(
        ([name, tensor]) => [name, name === 't' ? tensor : { ...tensor, shape: [TIMES.length, ...shape] }],
      ),
    )
  // 400 rows of 6 values are 50 images of 3 channels, 4 × 4, of which one is wrong
  const { code, stdout } = await score(images([50, 3, 4, 4]), '--report', out)
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /Written to .*report\.html, results\.json, figures\/ and worst\.npy, worst-weights\.npy\n$/,
  )
  const page = await readFile(`${out}/report.html`, 'utf8')
  expect(page).toMatch(/Command<\/dt>\s*<dd>consistency-pde score --trajectories /)
  for (const heading of ['What the error consists of', 'When the error arises', 'The worst starting noises'])
    expect(page).toContain(`>${heading}</h2>`)
  expect(page.match(/<image [^>]*href="data:image\/png/g)).toHaveLength(3 * (1 + 8))
  const { readPoints } = await import('../../src/io/points-files.ts')
  const worst = await readPoints(`${out}/worst.npy`)
  expect(worst.shape).toEqual([1, 48])
  expect(rowMajor(worst)[7 * D]).toBe(carry(4)[7 * D])
  // of other shapes the places of the errors along two directions
  await score(images([N, 2, 3]), '--report', folder.file('places'))
  expect(await readFile(folder.file('places/report.html'), 'utf8')).toContain(
    'along the two widest directions',
  )
})

const good = () => tensors(exact)
const change = (name: 't' | 'x' | 'f', at: number, value: number) => {
  const all = good()
  all[name].data[at] = value
  return all
}
test.each<[string, () => Record<string, Tensor>, RegExp]>([
  ['no f', () => ({ t: good().t, x: good().x }), /has no tensor f; expected tensors t \[K\]/],
  ['times that go back', () => change('t', 2, 0.5), /has the time 0.5 after 0.5; expected ascending times/],
  [
    'NaN in f',
    () => change('f', N * D + 4, Number.NaN),
    /has NaN at f\[1, 0, 1, 1\]; expected a finite number/,
  ],
  ['an infinite time', () => change('t', 4, Infinity), /has Infinity at t\[4\]/],
  [
    'other times',
    () => ({ ...good(), t: { shape: [2], data: Float64Array.of(0, 1) } }),
    /has 2 times t and x of shape \[5, 400, 2, 3\]/,
  ],
  [
    'f of another shape',
    () => ({ ...good(), f: { shape: [5, N, 6], data: good().f.data } }),
    /has f of shape \[5, 400, 6\]; expected the shape \[5, 400, 2, 3\]/,
  ],
  [
    'flat x',
    () => ({ ...good(), x: { shape: [5, N * D], data: good().x.data } }),
    /has x of shape \[5, 2400\]/,
  ],
  [
    't in two dimensions',
    () => ({ ...good(), t: { shape: [5, 1], data: good().t.data } }),
    /has t of shape \[5, 1\]/,
  ],
  [
    'no trajectories',
    () => ({
      t: good().t,
      x: { shape: [5, 0, 2], data: new Float64Array() },
      f: { shape: [5, 0, 2], data: new Float64Array() },
    }),
    /has no trajectory; expected at least 2/,
  ],
  [
    'one time',
    () => ({
      t: { shape: [1], data: Float64Array.of(1) },
      x: { shape: [1, 2, 1], data: Float64Array.of(1, 2) },
      f: { shape: [1, 2, 1], data: Float64Array.of(1, 2) },
    }),
    /has one time; expected at least 2/,
  ],
  [
    'a negative weight',
    () => ({ ...good(), weights: { shape: [N], data: new Float64Array(N).fill(-1) } }),
    /has the weight -1 at weights\[0\]/,
  ],
  [
    'weights of 0',
    () => ({ ...good(), weights: { shape: [N], data: new Float64Array(N) } }),
    /has fewer than 2 weights above 0/,
  ],
  [
    'as many weights as coordinates',
    () => ({ ...good(), weights: { shape: [D], data: new Float64Array(D) } }),
    /has weights of shape \[6\]; expected the shape \[400\]/,
  ],
  [
    'the same data in all rows',
    () => ({
      t: { shape: [2], data: Float64Array.of(0, 1) },
      x: { shape: [2, 2, 1], data: Float64Array.of(1, 1, 3, 4) },
      f: { shape: [2, 2, 1], data: Float64Array.of(1, 1, 1, 1) },
    }),
    /has trajectories that all start at the same point/,
  ],
  [
    'coarse points of other trajectories',
    () => ({ ...good(), xCoarse: { shape: [N, ...SHAPE], data: start.slice().reverse() } }),
    /has points xCoarse that are near neither the first nor the last/,
  ],
  [
    'the points themselves as coarse ones',
    () => ({ ...good(), xCoarse: { shape: [N, ...SHAPE], data: start } }),
    /has points xCoarse that are the first points x themselves; expected an end/,
  ],
  [
    'numbers whose squares are none',
    () => ({ ...good(), f: stacked(TIMES.map((t) => carry(t).map((value) => 1e200 * value))) }),
    /e\+200 in f; expected numbers of at most 1e\+140/,
  ],
])('%s: refused in a sentence', async (_, all, sentence) => {
  const { code, stdout, stderr } = await score(all())
  expect(stderr).toMatch(sentence)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stdout).toBe('')
  expect(code).toBe(2)
})

test('an option of the other way is refused', async () => {
  const { code, stderr } = await runCli(['score', '--trajectories', 'a.safetensors', '--time', '3'])
  expect(stderr).toBe('--time is given together with --trajectories; expected one of the two.\n')
  expect(code).toBe(2)
})

test.each([1e300, 1e-310])('the unit of weights does not matter: %d', async (unit) => {
  const weights = Float64Array.from({ length: N }, (_, i) => 1 + (i % 3))
  const bent = stacked(TIMES.map((t) => carry(t).map((value) => value + 0.1 * t * value ** 2)))
  const all = { ...tensors((t, x) => exact(t, x).map((value) => value + 0.1 * t * Math.sin(value))), x: bent }
  const of = (data: Float64Array) => result({ ...all, weights: { shape: [N], data } })
  const [own, scaled] = [await of(weights), await of(weights.map((weight) => unit * weight))]
  expect(own.affineError).toBeGreaterThan(0)
  for (const key of ['median', 'affineError', 'incrementBound', 'effectiveSampleSize'])
    expect(scaled[key] / own[key]).toBeCloseTo(1, 10)
  expect(scaled.error.value / own.error.value).toBeCloseTo(1, 10)
})

test('a key of the JSON is of the same kind as in that of score on a problem', async () => {
  const [problem, points] = [folder.file('gaussian.json'), folder.file('points.npy')]
  const { writeFile } = await import('node:fs/promises')
  await writeFile(
    problem,
    JSON.stringify({ process: { kind: 've' }, data: { kind: 'gaussian', mean: [0], covariance: [[1]] } }),
  )
  const sample = ['--problem', problem, '--time', '4', '--samples', '64']
  await runCli(['points', ...sample, '--out', points])
  const { readPoints } = await import('../../src/io/points-files.ts')
  const values = Array.from(rowMajor(await readPoints(points))).filter((_, at) => at % 2 === 1)
  await writeFile(folder.file('values.json'), JSON.stringify(values.map((value) => [0.9 * value])))
  const { stdout } = await runCli(['score', ...sample, '--values', folder.file('values.json'), '--json'])
  const onProblem = JSON.parse(stdout)
  const own = await result(tensors((t, x) => exact(t, x).map((value) => value + 0.1 * t)))
  const both = Object.keys(own).filter((key) => key in onProblem)
  expect(both).toEqual(expect.arrayContaining(['incrementBound', 'cancellation', 'worst', 'byTime']))
  for (const key of both)
    expect([key, typeof own[key], Array.isArray(own[key])]).toEqual([
      key,
      typeof onProblem[key],
      Array.isArray(onProblem[key]),
    ])
})
