import { baselineOn } from '../experiments/map-report/baseline.ts'
import { errorStatistics } from '../src/metrics/error-statistics.ts'
import type { Increments } from '../src/metrics/increments.ts'
import type { Problem } from '../src/problem/problem.ts'
import { formatNumber } from '../src/report/format.ts'
import { certified, type Findings, type PlainEstimates } from './certificate-results.ts'
import type { Sampling } from './certificate-sample.ts'

/** The same in sentences: the error, when it arises, what bounds it. */
export async function certifiedText(
  problem: Problem,
  sampling: Sampling,
  findings: Findings,
): Promise<string> {
  const result = certified(problem, sampling, findings)
  const { against, trueError, teacher, plain, time, to, unseen } = result
  return (
    `The relative error at time ${time}${to > 0 ? ` of the map to time ${to}` : ''}, against ${against}, is ${show(trueError.value, trueError.interval)}.\n${await besideBaseline(problem, sampling, findings)}` +
    `${whenItArises(result)}${bounds(result)}${beside(plain)}${note(teacher, problem.density.kind)}${worstText(result)}${unseen.sentence}\n`
  )
}

type Result = ReturnType<typeof certified>

/** That a map is no nearer to the truth than the Gaussian one, on the same trajectories; nothing where it is nearer. */
async function besideBaseline(
  problem: Problem,
  { time, seed, to = 0 }: Sampling,
  { sample, errors }: Findings,
): Promise<string> {
  // the Gaussian map leads to time 0, and is the truth itself for Gaussian data
  if (to > 0 || problem.density.kind === 'gaussian') return ''
  const { values } = await baselineOn({ problem, time, seed, sample })
  const { trace } = problem.density.moments
  const { relativeError } = errorStatistics(sample.x0, values, sample.weights, trace)
  return errors.relativeError > relativeError
    ? `It does not beat the baseline, the map of a Gaussian with the mean and covariance of the data, which has ${formatNumber(relativeError)}.\n`
    : ''
}

/** Rows of the table of increments. */
const ROWS = 8
/** Above, what bounds an error says next to nothing of it. */
const MOSTLY_CANCELLED = 10

/** The increments in a small table, several at a time. */
function whenItArises({ increments, initialError }: Result): string {
  const each = Math.ceil(increments.length / ROWS)
  const rows = Array.from({ length: Math.ceil(increments.length / each) }, (_, row) => {
    const part = increments.slice(row * each, (row + 1) * each)
    const size = part.reduce((sum, one) => sum + one.size, 0)
    return [part[0].from, part[part.length - 1].to, size, part[part.length - 1].error].map((value) =>
      Number(value).toPrecision(3),
    )
  })
  const head = ['from time', 'to', 'increments', 'error then']
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column].length)))
  const lines = [head, ...rows].map(
    (row) => `  ${row.map((cell, column) => cell.padStart(widths[column])).join('  ')}\n`,
  )
  const start = initialError > 0 ? `It is ${initialError.toPrecision(3)} where the map starts to be f. ` : ''
  return `${start}It arises by what f changes by along the trajectories, on which the true map is constant:\n${lines.join('')}`
}

// below it the increments all but point the same way
const ALIGNED = 1.05

/** What the increments between `times` times add up to, beside the error. */
export function incrementsSentence(
  { incrementBound, cancellation }: Pick<Increments, 'incrementBound' | 'cancellation'>,
  times: number,
): string {
  const sum = `The increments at ${times} times add up to ${formatNumber(incrementBound)}`
  if (cancellation === null) return `${sum}.`
  return cancellation < ALIGNED
    ? `${sum}, hardly more than the error: they all point the same way.`
    : `${sum}, ${cancellation.toPrecision(3)} times the error: the rest is taken back on the way.`
}

/** What bounds the error, and how much of that cancels. */
function bounds(result: Result): string {
  const { cancellation, increments, estimate, interval, bound, reason, trueError } = result
  const sum = `${incrementsSentence(result, increments.length + 1)}\n`
  if (result.by === 'increments')
    return `${sum}At times of your own that sum is the bound (95 % interval ${interval.map((end) => end.toPrecision(3)).join(' to ')}): no residual is integrated between them.\n`
  const ratio = trueError.value > 0 ? `, ${(estimate / trueError.value).toPrecision(3)} times the error` : ''
  const integral = bound
    ? `The certificate, by the residual: the error is at most ${show(estimate, interval)}${ratio}.\n`
    : `No bound: ${reason}. Where it says anything, the certificate is ${show(estimate, interval)}.\n`
  const little =
    cancellation !== null && cancellation > MOSTLY_CANCELLED
      ? 'Nearly all of what f changes by cancels: neither sum says much of this network, the error does.\n'
      : ''
  return `${sum}${integral}${byDifferences(result.derivativeError)}${little}`
}

function byDifferences(error: number | null): string {
  if (error === null) return ''
  return `Its derivatives are differences; by their own estimate they put the certificate off by at most ${error.toPrecision(2)}.\n`
}

function note(teacher: unknown, kind: string): string {
  if (teacher === null || kind === 'neural') return ''
  return `The model was trained on the flow of the score network ${teacher}, whose own error is part of this.\n`
}

/** Coordinates of a point that are shown. */
const SHOWN = 3

function worstText({ worst, time, trueError }: Result): string {
  if (trueError.value === 0) return ''
  const [{ row, x, error }] = worst
  const share = worst.reduce((sum, one) => sum + one.share, 0)
  const place = x.slice(0, SHOWN).map((value) => value.toPrecision(3))
  if (x.length > SHOWN) place.push('…')
  return `The ${worst.length} worst of the trajectories hold ${(100 * share).toPrecision(2)} % of the squared error; the worst is row ${row} (${error.toPrecision(3)}), from (${place.join(', ')}) at time ${time}.\n`
}

function beside(plain: PlainEstimates | null): string {
  if (!plain) return ''
  const { estimate, interval, trueError, worstShare } = plain
  return (
    `By plain sampling, as many points: at most ${show(estimate, interval)}, and ${show(trueError.value, trueError.interval)}; ` +
    `there the worst 0.1 % of points hold ${Math.round(100 * worstShare)} % of the squared error.\n`
  )
}

function show(value: number, [low, high]: readonly [number, number]): string {
  return `${value.toPrecision(3)} (95 % interval ${low.toPrecision(3)} to ${high.toPrecision(3)})`
}
