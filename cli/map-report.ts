import { join } from 'node:path'
import type { Option } from 'commander'
import type { MapGrid } from '../experiments/compare/map-grid.ts'
import type { RunFacts } from '../experiments/experiment.ts'
import type { MapReport } from '../experiments/map-report/index.ts'
import type { Diagnosis, ErrorByLoss, thinned } from '../solvers/diagnosis/index.ts'
import type { CarriedSample } from '../src/metrics/carried-sample.ts'
import type { Model } from '../src/nn/model.ts'
import type { Problem } from '../src/problem/problem.ts'
import { ownPoints, processTime, veTime } from '../src/problem/process.ts'
import { yieldAndCheckAbort } from '../src/yield-and-check-abort.ts'
import { checkOutputFolder, checkOutputs, type Io } from './io.ts'
import { textOption } from './options.ts'

/** Nodes an axis and times of the error maps, as `compare` has them. */
const FULL = { nodes: 60, times: 6 }
const QUICK = { nodes: 32, times: 5 }

export function reportOption(): Option {
  return textOption('--report <folder>', 'folder for a page: where and why it is wrong, report.html and more')
}

const FILES = ['report.html', 'results.json', 'worst.npy', 'worst-weights.npy']

/**
 * @param inputs names of the files to read
 * @throws InputError, before any work, where --report is given and cannot be a folder, or a file of it is one to read
 */
export async function checkReport(
  folder: string | undefined,
  inputs: readonly (string | undefined)[],
): Promise<void> {
  if (folder === undefined) return
  await checkOutputFolder(folder)
  for (const file of FILES) await checkOutputs(inputs, { '--report': join(folder, file) })
}

/** Where the error maps of a problem are drawn; null above two dimensions. */
export async function reportGrid(problem: Problem, time: number, quick: boolean): Promise<MapGrid | null> {
  const { errorMapPoints } = await import('../experiments/compare/map-grid.ts')
  const { nodes, times } = quick ? QUICK : FULL
  return errorMapPoints(problem.density, veTime(problem.process, time), nodes, times)
}

/** The same as rows of t and x, of the problem's own process. */
export function gridRows({ process, dimension: d }: Problem, time: number, grid: MapGrid): Float64Array {
  const rows: number[] = []
  for (const { time: ve, x } of grid.times) {
    const t = processTime(process, ve, time)
    const own = ownPoints(process, t, x)
    for (let i = 0; i < own.length; i += d) rows.push(t, ...own.subarray(i, i + d))
  }
  return Float64Array.from(rows)
}

/** The grid with the true values there. */
export async function withTruth(problem: Problem, time: number, grid: MapGrid) {
  const { truthAt } = await import('../experiments/compare/map-grid.ts')
  const truths = await truthAt(problem, time, grid.times)
  return { ...grid, times: grid.times.map((at, k) => ({ ...at, truth: truths[k] })) }
}

export async function writeReport(folder: string, made: MapReport, run: RunFacts): Promise<string> {
  const { withRun, writeExperiment } = await import('../experiments/experiment.ts')
  await writeExperiment(folder, made.results, made.figures, withRun(made.report, run), made.files)
  return `Written to ${folder}: report.html, results.json, figures/ and ${Object.keys(made.files).join(', ')}\n`
}

/** Its values on a thinned sample at time number k of it. */
export type ValuesOf = (few: ReturnType<typeof thinned>) => (k: number) => Float64Array

/** The error of a trained model divided by what its loss converges to, or why it is not. */
export async function divided(
  { description }: Model,
  problem: Problem,
  time: number,
  sample: CarriedSample,
  values: Float64Array,
): Promise<ErrorByLoss | string> {
  const { errorByLoss, thinned } = await import('../solvers/diagnosis/index.ts')
  const few = thinned(sample, problem.density)
  const { positions, times, x0, weights } = few.sample
  return errorByLoss(description, {
    ...{ problem, time, x0, weights, values: [few.pick(values)] },
    ...{ times: [times[times.length - 1]], positions: positions.slice(-1) },
  })
}

/** What the error of a map is most like, by its values on some of the trajectories. */
export async function diagnosisOf(
  problem: Problem,
  time: number,
  sample: CarriedSample,
  first: number,
  { signal }: Io,
  valuesOf: ValuesOf,
): Promise<Diagnosis> {
  const { diagnoseAlong, thinned } = await import('../solvers/diagnosis/index.ts')
  const few = thinned(sample, problem.density)
  const pause = () => yieldAndCheckAbort(signal)
  return diagnoseAlong({ problem, time, sample: few.sample, first, pause, valuesAt: valuesOf(few) })
}
