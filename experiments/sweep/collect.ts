import { join } from 'node:path'
import { type Figure, figures } from '../../src/figures/index.ts'
import { writeFileAtomic } from '../../src/io/atomic-write.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import type { ReportSection } from '../../src/report/index.ts'
import type { MethodResult, SeedResult } from '../../src/report/results.ts'
import { columns, isBaseline, isSmallest } from '../../src/report/results-table.ts'
import { version } from '../../src/version.ts'
import { writeExperiment } from '../experiment.ts'
import { readRun } from './files.ts'
import type { SweepRun } from './runs.ts'

/** The rows of one problem, one a method: of a trained one the seed with the median error. */
interface SweepProblem {
  readonly problem: string
  readonly time: number
  readonly methods: readonly MethodResult[]
  /** Runs that could not be finished, such as trainings that diverged: they are worse than any other. */
  readonly failures: readonly { readonly run: string; readonly reason: string }[]
}

interface SweepResults {
  readonly version: string
  readonly problems: readonly SweepProblem[]
}

/** The results of all runs, put side by side. @throws InputError when a run has no result yet */
export async function collectSweep(runs: readonly SweepRun[], folder: string): Promise<SweepResults> {
  const files = await Promise.all(runs.map((run) => readRun(folder, run)))
  const missing = runs.filter((_, i) => files[i] === null)
  if (missing.length > 0)
    throw new BadInput(
      folder,
      `lacks ${missing.length} of ${runs.length} results, such as ${missing[0].name}`,
      'a sweep that is done',
    )
  const rows = files.flatMap((file) => (file ? [file.row] : []))
  const problems = [...new Set(runs.map(({ problem }) => problem))].map((problem): SweepProblem => {
    const own = runs.flatMap((run, i) => (run.problem === problem ? [{ run, row: rows[i] }] : []))
    const names = [...new Set(own.map(({ run }) => run.method))]
    const medians = names.map((name) =>
      medianRow(own.filter(({ run }) => run.method === name).map(({ row }) => row)),
    )
    const baseline = medians.find(isBaseline)?.relativeError ?? null
    const methods = medians.map((row) => ({ ...row, beatsBaseline: beats(row, baseline) }))
    const failures = files.flatMap((file, i) =>
      runs[i].problem === problem && file?.failure !== undefined
        ? [{ run: file.name, reason: file.failure }]
        : [],
    )
    return { problem, time: own[0].run.time, methods, failures }
  })
  return { version, problems }
}

/** Writes table.csv, results.json, report.html and figures/ to the folder. */
export async function writeSweep(results: SweepResults, folder: string): Promise<void> {
  const drawn = results.problems.map(workFigure)
  await writeFileAtomic(join(folder, 'table.csv'), sweepCsv(results))
  await writeExperiment(
    folder,
    results,
    drawn.filter((figure) => figure !== null),
    {
      title: 'Sweep',
      data: results,
      meta: { Version: results.version, Problems: String(results.problems.length) },
      sections: results.problems.map((one, i) => section(one, drawn[i])),
    },
  )
}

/** The median error; of an even number the worse of the middle two. What could not be finished is worse than any. */
function medianRow(rows: readonly MethodResult[]): MethodResult {
  const error = (row: MethodResult) => row.relativeError ?? Number.MAX_VALUE
  const sorted = [...rows].sort((a, b) => error(a) - error(b))
  const median = sorted[Math.floor(sorted.length / 2)]
  return median.seed === null ? median : { ...median, seeds: rows.map(seedResult) }
}

function seedResult(row: MethodResult): SeedResult {
  const number = (value: number | null) => value ?? Number.NaN
  return {
    seed: number(row.seed),
    relativeError: number(row.relativeError),
    standardError: number(row.standardError),
    medianError: number(row.medianError),
    maximumError: number(row.maximumError),
    wasserstein2: row.wasserstein2,
    certificate: row.certificate,
    certificateInterval: row.certificateInterval,
    certificateReason: row.certificateReason,
    incrementBound: row.incrementBound,
    seconds: number(row.seconds),
  }
}

function beats(row: MethodResult, baseline: number | null): boolean | null {
  if (baseline === null || row.relativeError === null || isBaseline(row)) return null
  return row.relativeError < baseline
}

const NUMBERS = [
  ...(['relativeError', 'standardError', 'medianError', 'trimmedError', 'maximumError'] as const),
  ...(['certificate', 'wasserstein2', 'functionEvaluations', 'seconds'] as const),
]

/** One line a problem and method, with full precision; the errors of all seeds in two columns. */
function sweepCsv({ problems }: SweepResults): string {
  const head = ['problem', 'time', 'method', 'seed', ...NUMBERS, 'smallestOfSeeds', 'largestOfSeeds']
  const lines = problems.flatMap(({ problem, time, methods }) =>
    methods.map((row) => {
      const errors = row.seeds?.map(({ relativeError }) => relativeError) ?? []
      const range = errors.length > 0 ? [Math.min(...errors), Math.max(...errors)] : ['', '']
      return [
        problem,
        time,
        row.method,
        row.seed ?? '',
        ...NUMBERS.map((name) => row[name] ?? ''),
        ...range,
      ].join(',')
    }),
  )
  return `${[head.join(','), ...lines].join('\n')}\n`
}

function section({ problem, time, methods, failures }: SweepProblem, figure: Figure | null): ReportSection {
  return {
    heading: `${problem}, T = ${time}`,
    ...(failures.length > 0 && {
      paragraphs: failures.map(({ run, reason }) => `${run} could not be finished. ${reason}`),
    }),
    table: {
      caption: `Errors and costs on ${problem} (* smallest of its column, the Gaussian baseline left out)`,
      head: ['method', ...columns.map(({ heading }) => heading)],
      rows: methods.map((row) => [
        row.method,
        ...columns.map((column) => `${column.text(row)}${isSmallest(row, column, methods) ? ' *' : ''}`),
      ]),
    },
    ...(figure && { figures: [figure] }),
  }
}

/** Error against evaluations of the score, a dot a method; methods that need no evaluation have no place there. */
function workFigure({ problem, methods }: SweepProblem): Figure | null {
  const dots = methods.flatMap((row) => {
    const { method, functionEvaluations: work, relativeError, seeds } = row
    const error = seeds?.map((one) => one.relativeError) ?? relativeError
    return work && error && !isBaseline(row) ? [{ label: method, work, error }] : []
  })
  if (dots.length === 0) return null
  const baseline = methods.find(isBaseline)?.relativeError
  return figures.errorAgainstWork({
    name: `error-against-work-${problem.replace(/[^A-Za-z0-9_-]/g, '-')}`,
    title: `Error against work on ${problem}`,
    workLabel: 'score evaluations, preparation included',
    errorLabel: 'relative error',
    lines: [],
    dots,
    ...(baseline && { baseline: { label: 'Gaussian map', error: baseline } }),
  })
}
