import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Figure, figurePng } from '../src/figures/index.ts'
import { writeFileAtomic } from '../src/io/atomic-write.ts'
import { writePoints } from '../src/io/points-files.ts'
import type { PointsLike } from '../src/points/points.ts'
import type { Progress } from '../src/progress.ts'
import { formatNumber } from '../src/report/format.ts'
import { type Report, reportHtml } from '../src/report/index.ts'
import type { ProblemRecord } from '../src/specification/problem.ts'
import { problemInWords } from './problem-in-words.ts'

/** What every experiment is run with. */
export interface ExperimentRun<Settings> {
  readonly seed: number
  readonly threads: number
  readonly settings: Settings
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** What an experiment gives. */
export interface Outcome {
  /** What results.json holds: plain numbers, fixed by the seed but for the `seconds` that were measured. */
  readonly results: unknown
  readonly figures: readonly Figure[]
  readonly report: Report
  /** How many sections of the report are said on standard output, from the first on; default 1. */
  readonly found?: number
}

/**
 * Writes results.json, report.html and figures/*.svg and *.png to a folder, each whole or not at all.
 *
 * @param more points to write beside them, by file name
 */
export async function writeExperiment(
  folder: string,
  results: unknown,
  figures: readonly Figure[],
  report: Report,
  more: Readonly<Record<string, PointsLike>> = {},
): Promise<void> {
  await mkdir(join(folder, 'figures'), { recursive: true })
  for (const figure of figures) {
    await writeFileAtomic(join(folder, 'figures', `${figure.name}.svg`), figure.svg)
    await writeFileAtomic(join(folder, 'figures', `${figure.name}.png`), await figurePng(figure))
  }
  for (const [name, X] of Object.entries(more)) await writePoints(join(folder, name), X)
  await writeFileAtomic(join(folder, 'report.html'), reportHtml(report))
  // last, so that a folder with results.json is complete
  await writeFileAtomic(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
}

/** The problem of an experiment, for the head of its page. */
export function problemFacts(problem: ProblemRecord): Readonly<Record<string, string>> {
  const { data, process } = problemInWords(problem)
  return { Data: data, Process: process, ...(reduced.has(problem.process.kind) && { Letters: LETTERS }) }
}

/** Processes of which everything is computed in the VE process. */
const reduced: ReadonlySet<string> = new Set([
  ...['vp', 'subVp', 'flowMatching', 'cosine', 'ddpm', 'interpolant', 'function'],
])
const LETTERS =
  'T is a time of the process. In equations, figures and sentences about them t is σ/α and x is x/α: in these the process is the VE process X₀ + t Z'

/** The letters in which figures are drawn. @param scale the data scale c */
export function coordinateFacts(scale: number): Readonly<Record<string, string>> {
  return {
    'Data scale c': `${formatNumber(scale)}, √(tr Cov/d): the standard deviation of a coordinate, in the root mean square`,
    'Drawn in':
      'y = (x − μ)/r with r = √(t² + c²), which keeps noise and data on one page, and θ = arctan(t/c)',
  }
}

/** How a page was made. */
export interface RunFacts {
  /** The command line, to be typed again. */
  readonly command: string
  /** null where there is one size only. */
  readonly quick: boolean | null
}

/** The page with how it was made in its head. */
export function withRun(report: Report, { command, quick }: RunFacts): Report {
  const size = quick ? 'quick: few steps and samples, for a look' : 'full'
  return { ...report, meta: { ...report.meta, ...(quick !== null && { Size: size }), Command: command } }
}

/** What experiments are about, in plain text; docs/guide/equations.md derives each. */
export const EQUATIONS = {
  consistency:
    'f(0, x) = x, and f is constant along dx/dt = −t s(t, x): f(T, x) is where the trajectory through x at T starts',
  distribution:
    'dX = b(t, X) dt + σ(t) dB (1), and the probability-flow ODE dx/dt = b − ½ σ² s (3) with the same laws p_t',
  transport: 'Equation (6): ∂f/∂t − t s(t, x) ∂f/∂x = 0, f(0, x) = x, where s = ∇ log p_t is the score',
  flow: 'The probability-flow ODE (5): dx/dt = −t s(t, x), from T to 0 in K steps',
  training:
    'Consistency training (b): f(t′, X₀ + t′ Z) is to agree with f(t, X₀ + t Z) at neighbouring times, for data X₀ and noise Z ~ N(0, I)',
  stochastic: 'f(t, x) = F(t, x) + G(t, x) ξ, ξ ~ N(0, I): a sample of X₀ given X_t = x, not one point',
} as const
