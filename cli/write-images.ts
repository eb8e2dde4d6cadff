import type { Method } from '../src/consistency-function.ts'
import { timeInJson } from '../src/io/json.ts'
import type { PointSource } from '../src/io/point-sources.ts'
import { createPoints } from '../src/io/points-files.ts'
import type { Problem } from '../src/problem/problem.ts'
import { solve } from '../src/solve.ts'
import { evaluateInParts } from './evaluate-in-parts.ts'
import type { EvaluateTask } from './evaluate-worker.ts'
import type { Io } from './io.ts'
import type { SharedOptions } from './options.ts'
import { progressBar } from './progress-bar.ts'

interface ImageOptions extends SharedOptions {
  readonly time: number
  readonly out: string
  /** The folder of a trained model, where that is the method: what its training took is not counted. */
  readonly model?: string | undefined
  /** How to make f in another thread, for methods that can use some. */
  readonly task?: EvaluateTask
}

/**
 * Computes f(T, X) by a method, writes it to a point file and prints what it took. `seconds` holds the time of reading and
 * writing too where that is done part by part.
 *
 * @throws ComputationError when a value is not finite; nothing is written then
 */
export async function writeImages(
  problem: Problem,
  method: Method,
  source: PointSource,
  options: ImageOptions,
  io: Io,
) {
  const { time, out, seed, threads, task } = options
  const { dimension } = source
  const bar = progressBar()
  const sink = createPoints(out, dimension)
  try {
    const start = performance.now()
    const run = { onProgress: bar.update, ...(io.signal && { signal: io.signal }) }
    const f = await solve(problem, method, { time, seed, ...run })
    const training = options.model === undefined ? 0 : f.info.functionEvaluations
    const parts = { ...run, threads, ...(task && { task }) }
    const { count, elsewhere } = await evaluateInParts(f, time, source, sink, parts)
    const seconds = (performance.now() - start) / 1000
    await sink.finish()
    bar.stop()
    const { method: name, options: used, version } = f.info
    const functionEvaluations = f.info.functionEvaluations + elsewhere - training
    const { diagnostics, warnings = [] } = f.ve
    for (const warning of warnings) io.stderr(`${warning}\n`)
    const result = {
      method: name,
      time: timeInJson(time),
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
    await sink.discard()
  }
}
