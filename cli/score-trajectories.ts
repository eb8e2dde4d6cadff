import { type TrajectoryErrors, trajectoryErrors } from '../src/metrics/trajectory-errors.ts'
import { textTable } from '../src/studies/text-table.ts'
import { version } from '../src/version.ts'
import { yieldAndCheckAbort } from '../src/yield-and-check-abort.ts'
import { incrementsSentence } from './certificate-text.ts'
import type { Io } from './io.ts'
import { checkReport, writeReport } from './map-report.ts'
import type { SharedOptions } from './options.ts'
import { readTrajectories, type TrajectoriesFile } from './trajectories-file.ts'

/** Times shown in the terminal. */
const SHOWN = 12
// a teacher whose own error is above this share of the network's is no truth to measure it by
const NOTABLE = 0.2

/** `score --trajectories`: how far a map is from a teacher's flow, from values on the teacher's trajectories alone. */
export async function scoreTrajectories(
  path: string,
  options: SharedOptions & { readonly report?: string },
  command: string,
  io: Io,
): Promise<void> {
  const { report } = options
  await checkReport(report, [path])
  const start = performance.now()
  const file = await readTrajectories(path)
  await yieldAndCheckAbort(io.signal)
  const errors = trajectoryErrors(file)
  const record = trajectoryRecord(file, errors, (performance.now() - start) / 1000)
  let written = ''
  if (report !== undefined) {
    const { trajectoryReport } = await import('../experiments/map-report/trajectories.ts')
    const sentences = [...errorSentences(record), incrementsSentence(record, record.byTime.length)]
    const made = trajectoryReport({ trajectories: file, errors, record, sentences })
    written = await writeReport(report, made, { command, quick: null })
  }
  io.stdout(options.json ? `${JSON.stringify(record)}\n` : `${trajectoryText(record)}${written}`)
}

function trajectoryRecord({ weights, shape }: TrajectoriesFile, errors: TrajectoryErrors, seconds: number) {
  const { error, standardError, solverError } = errors
  const deviation = 1.96 * standardError
  return {
    against: 'the flow of the trajectories in the file',
    error: { value: error, interval: [Math.max(0, error - deviation), error + deviation] as const },
    median: errors.median,
    maximum: errors.maximum,
    incrementBound: errors.incrementBound,
    cancellation: errors.cancellation,
    affineError: errors.affineError,
    spread: errors.spread,
    solverError: solverError?.value ?? null,
    solverErrorAt: solverErrorAt(solverError),
    byTime: errors.byTime,
    worst: errors.worst,
    effectiveSampleSize: errors.effectiveSampleSize,
    count: weights.length,
    dimension: shape.reduce((product, size) => product * size, 1),
    shape,
    seconds,
    version,
  }
}

/** The end at which the two integrations are compared, in words. */
function solverErrorAt(solverError: TrajectoryErrors['solverError']): 'data' | 'noise' | null {
  if (solverError === null) return null
  return solverError.end === 'first' ? 'data' : 'noise'
}

/** How far it is, and how far a map that learned nothing is. */
function errorSentences({
  error,
  median,
  affineError,
  count,
  byTime,
}: ReturnType<typeof trajectoryRecord>): string[] {
  // times in float32 have more digits than they were given
  const last = Number(byTime[byTime.length - 1].time.toPrecision(6))
  const [low, high] = error.interval
  return [
    `The relative error at time ${last}, against the flow of these ${count} trajectories, is ${show(error.value)} (95 % interval ${show(low)} to ${show(high)}); ` +
      `half of the points have less than ${show(median)}.`,
    `The best a·x + b has ${show(affineError)}${error.value >= affineError ? ': the network is no better than a scaled copy of the noise' : ''}.`,
  ]
}

function trajectoryText(record: ReturnType<typeof trajectoryRecord>): string {
  const { error, byTime, worst, solverError, solverErrorAt } = record
  const rows = shownTimes(byTime).map((at) => [at.time, at.error, at.increment].map((value) => show(value)))
  return [
    ...errorSentences(record),
    '',
    `When it arises, by the increments between ${byTime.length} times:`,
    textTable(['time', 'error', 'increment'], rows).trimEnd(),
    '',
    incrementsSentence(record, record.byTime.length),
    ...teacherSentences(error.value, solverError, solverErrorAt),
    `The worst trajectories are rows ${worst
      .slice(0, 4)
      .map(({ row, error: own }) => `${row} (${show(own)})`)
      .join(
        ', ',
      )}, counted from 0; the worst ${worst.length} hold ${Math.round(100 * worst.reduce((sum, { share }) => sum + share, 0))} % of the squared error.`,
    '',
  ].join('\n')
}

function teacherSentences(error: number, solver: number | null, end: 'data' | 'noise' | null): string[] {
  if (solver === null || end === null)
    return ["How far the teacher's own solver is from its flow is not known: the file has no xCoarse."]
  if (end === 'noise')
    return [
      `With half the steps the teacher's solver ends ${show(solver)} of the noise's scale away at the last time.`,
    ]
  return [
    `With half the steps the teacher's solver ends ${show(solver)} away, which its error with all steps should not exceed` +
      `${solver > NOTABLE * error ? '; that is not small beside the error of the network: take more steps' : ''}.`,
  ]
}

/** All times where they are few; else some evenly spread ones, the first and the last, and that of the largest increment. */
function shownTimes(byTime: TrajectoryErrors['byTime']): TrajectoryErrors['byTime'] {
  const last = byTime.length - 1
  if (last < SHOWN) return byTime
  const largest = byTime.reduce(
    (best, { increment }, k) => (increment > byTime[best].increment ? k : best),
    0,
  )
  const shown = new Set([
    largest,
    ...Array.from({ length: SHOWN }, (_, i) => Math.round((i * last) / (SHOWN - 1))),
  ])
  return byTime.filter((_, k) => shown.has(k))
}

function show(value: number): string {
  return String(Number(value.toPrecision(3)))
}
