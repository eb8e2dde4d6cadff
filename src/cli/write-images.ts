import type { Method } from '../consistency-function.ts'
import { ComputationError } from '../errors.ts'
import { writePoints } from '../io/points-files.ts'
import type { Points } from '../points/points.ts'
import type { Problem } from '../problem/problem.ts'
import { solve } from '../solve.ts'
import { evaluateInParts } from './evaluate-in-parts.ts'
import type { Io } from './io.ts'
import type { SharedOptions } from './options.ts'
import { progressBar } from './progress-bar.ts'

interface ImageOptions extends SharedOptions {
  readonly time: number
  readonly out: string
}

/**
 * Computes f(T, X) by a method, writes it to a point file and prints what it took.
 *
 * @throws ComputationError when a value is not finite; nothing is written then
 */
export async function writeImages(
  problem: Problem,
  method: Method,
  X: Points,
  options: ImageOptions,
  io: Io,
) {
  const { time, out, seed } = options
  const [count, dimension] = X.shape
  const bar = progressBar()
  try {
    const start = performance.now()
    const run = { onProgress: bar.update, ...(io.signal && { signal: io.signal }) }
    const f = await solve(problem, method, { time, seed, ...run })
    const values = await evaluateInParts(f, time, X, run)
    const seconds = (performance.now() - start) / 1000
    checkFinite(values.data, dimension)
    await writePoints(out, values)
    bar.stop()
    const { method: name, functionEvaluations, options: used, version } = f.info
    const { diagnostics, warnings = [] } = f.ve
    for (const warning of warnings) io.stderr(`${warning}\n`)
    const result = {
      method: name,
      time,
      count,
      dimension,
      seconds,
      functionEvaluations,
      options: used,
      seed,
      version,
      ...(diagnostics !== undefined && { diagnostics }),
    }
    io.stdout(
      options.json
        ? `${JSON.stringify(result)}\n`
        : `${name}: ${count} points of dimension ${dimension} at time ${time} in ${seconds.toPrecision(3)} s, ` +
            `${functionEvaluations} evaluations of the score. Written to ${out}\n`,
    )
  } finally {
    bar.stop()
  }
}

function checkFinite(values: Float64Array, dimension: number): void {
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad < 0) return
  const place = `row ${Math.floor(bad / dimension) + 1}, column ${(bad % dimension) + 1}`
  throw new ComputationError(
    `The result is ${values[bad]} in ${place}; try another method or points nearer to the data.`,
  )
}
