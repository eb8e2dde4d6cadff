import { certificateByIncrements } from '../src/certificate/by-increments.ts'
import {
  type PairError,
  pairErrors,
  pairNodes,
  pairPoints,
  pairsOf,
  pairTable,
  veValues,
} from '../src/certificate/pairs.ts'
import { BadInput } from '../src/io/bad-input.ts'
import { readPoints } from '../src/io/points-files.ts'
import { rowMajor } from '../src/points/points.ts'
import { veTime } from '../src/problem/process.ts'
import { textTable } from '../src/studies/text-table.ts'
import { yieldAndCheckAbort } from '../src/yield-and-check-abort.ts'
import { certified, errorOn } from './certificate-results.ts'
import { certifiedText } from './certificate-text.ts'
import type { Io } from './io.ts'
import { checkReport, diagnosisOf, type ValuesOf, writeReport } from './map-report.ts'
import { checkGiven } from './options.ts'
import { type SamplingOptions, sampled } from './sampling-options.ts'

export interface ScoreOptions extends SamplingOptions {
  readonly values: string
  readonly valuesAre?: 'map' | 'average-velocity'
  readonly tangents?: string
  readonly points?: string
  readonly trajectories?: string
  readonly gridValues?: string
  readonly report?: string
}

/** `score --pairs`: the error of a two-time map from each time to each earlier one, by its values at the rows of `points --pairs`. */
export async function scorePairs(options: ScoreOptions, command: string, io: Io): Promise<void> {
  checkGiven(options, 'problem', 'time', 'values')
  for (const name of ['tangents', 'gridValues'] as const)
    if (options[name] !== undefined)
      throw new BadInput(
        `--${name === 'gridValues' ? 'grid-values' : name}`,
        'is given together with --pairs',
        'one of the two',
      )
  await checkReport(options.report, [options.problem, options.values, options.points, options.times])
  const { problem, sampling, sample, first } = await sampled(options)
  await yieldAndCheckAbort(io.signal)
  const start = performance.now()
  const { density, dimension: d, process } = problem
  const { time, to, times: own } = sampling
  const nodes = pairNodes(problem, sample, { first, time, to, own })
  const points = pairPoints(problem, nodes)
  const columns = d + 2
  if (options.points !== undefined) await checkSamePoints(options.points, points, columns)
  const read = await readRows(options.values, points.length / columns, d)
  if (options.valuesAre === 'average-velocity') mapsOf(read, points, d)
  const values = veValues(problem, nodes, read)
  const pairs = pairErrors(problem, nodes, sample, values)
  // the map to the earliest time, which is x there
  const toFirst = pairsOf(nodes).flatMap(([, j], place) => (j === 0 ? [values[place]] : []))
  const last = toFirst[toFirst.length - 1]
  const along = { ...sample, times: Float64Array.from(nodes.times, (t) => veTime(process, t)) }
  const bound = certificateByIncrements(density, along, 0, [sample.x0, ...toFirst])
  const errors = errorOn(last, density, sample)
  const findings = {
    ...{ method: 'values', teacher: null, sample, values: last, plain: null, bound, errors },
    seconds: (performance.now() - start) / 1000,
  }
  const byPairs = { ...sampling, times: nodes.times }
  const record = { ...certified(problem, byPairs, findings), pairs }
  let written = ''
  if (options.report !== undefined) {
    await yieldAndCheckAbort(io.signal)
    const { mapReport } = await import('../experiments/map-report/index.ts')
    // the pairs that end at 0 are a map as the causes make it
    const from = Math.max(1, first)
    const valuesOf: ValuesOf = (few) => (k) => few.pick(toFirst[k - from])
    const made = await mapReport({
      ...{ name: 'the network', problem, time, seed: sampling.seed, sample, values: last },
      ...{ statistics: errors, certificate: bound, by: 'increments', options: {} },
      ...{ functionEvaluations: null, seconds: null, cause: null, images: null, maps: null, record, pairs },
      diagnosis: to ? null : await diagnosisOf(problem, time, sample, from, io, valuesOf),
    })
    written = await writeReport(options.report, made, { command, quick: options.quick })
  }
  io.stdout(
    options.json
      ? `${JSON.stringify(record)}\n`
      : `${await certifiedText(problem, byPairs, findings)}${pairsText(pairs)}${written}`,
  )
}

/**
 * f = x − (t − u) ū of average velocities ū from u to t (MeanFlow, 2505.13447, equation 3), in place.
 *
 * @param points rows t, x, or t, u, x where u is not the same for all
 */
export function mapsOf(values: Float64Array, points: Float64Array, d: number, u?: number): void {
  const lead = u === undefined ? 2 : 1
  for (let row = 0, i = 0; i < values.length; row++) {
    const at = row * (d + lead)
    const duration = points[at] - (u ?? points[at + 1])
    for (let j = 0; j < d; j++, i++) values[i] = points[at + lead + j] - duration * values[i]
  }
}

function pairsText(pairs: readonly PairError[]): string {
  const { head, rows } = pairTable(pairs, (value) => value.toPrecision(3))
  const table = textTable(head, rows, []).trimEnd().split('\n')
  return `Its error from each time t to each earlier one u, relative to the spread of X_u:\n${table.map((line) => `  ${line}\n`).join('')}`
}

/**
 * Rows of a file.
 *
 * @throws InputError for another shape
 */
export async function readRows(path: string, rows: number, columns: number): Promise<Float64Array> {
  const X = await readPoints(path)
  const [n, d] = X.shape
  if (n !== rows || d !== columns)
    throw new BadInput(path, `has the shape [${n}, ${d}]`, `[${rows}, ${columns}], a row for each point`)
  return rowMajor(X)
}

/** @throws InputError where a file of points has others than those that the options make */
export async function checkSamePoints(path: string, points: Float64Array, columns: number): Promise<void> {
  const given = await readRows(path, points.length / columns, columns)
  const other = points.findIndex((value, i) => !near(value, given[i]))
  if (other < 0) return
  throw new BadInput(
    path,
    `has other points than these options, from row ${Math.floor(other / columns) + 1} on`,
    'the --problem, --time, --samples, --intervals, --start and --seed that it was made with',
  )
}

/** Equal up to what single precision leaves of it. */
function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a))
}
