import { toComoving } from '../../../src/characteristics/probability-flow.ts'
import type { Method, VeMap } from '../../../src/consistency-function.ts'
import { loadProblem } from '../../../src/create/read-problem.ts'
import { checkNumber, InputError } from '../../../src/errors.ts'
import type { Density } from '../../../src/problem/density.ts'
import { sameFunction } from '../../../src/problem/record.ts'
import type { GridTable, TableDiagnostics } from './grid-table.ts'
import { tableEvaluator } from './level-table.ts'

/** Points of a density that must look the same to a table's own density and the one of the problem it is used for. */
const COMPARED = [-1.7, -0.6, 0.4, 1.3]
const SAME = 1e-9

/**
 * A table as a method, for the problem it was made for and times up to its own.
 *
 * @throws InputError (from `solve`) for another problem or a later time
 */
export function tableMethod(table: GridTable): Method {
  return {
    ...tableBasics({}),
    async solveVe(density, run) {
      const { time } = table.levels
      if (run.time > time * (1 + 1e-12))
        throw new InputError('the time', run.time, `at most ${time}, the largest time of the table`)
      const { data } = table.problem
      const same =
        data.kind === 'function'
          ? sameFunction(density, data)
          : sameDensity(density, (await loadProblem(table.problem)).density)
      if (!same) throw new InputError('the table', 'of another problem', 'one that was made for this problem')
      return tableMap(density, table)
    },
  }
}

/** What table methods have in common. */
export function tableBasics(options: object): Omit<Method, 'solveVe'> {
  return { name: 'grid:table', options: { ...options }, target: 'map', random: false }
}

/** A table as a map of the VE problem. */
export function tableMap(density: Density, table: GridTable): VeMap {
  const { parts, rtol, levels, errors, tolerance } = table
  const { dimension: d, moments } = density
  const evaluator = tableEvaluator(density, table)
  const nodes = Math.max(...parts.map((part) => part.nodes))
  const levelCount = parts[0]?.images.length ?? 0
  const estimate = Math.max(...errors.map(({ error }) => error))
  let evaluated = 0
  let traced = 0
  return {
    evaluate(t, x) {
      checkNumber('t', t, 0, levels.time * (1 + 1e-12))
      if (t === 0) return x.slice()
      const y = new Float64Array(x.length)
      toComoving(density, t, x, y)
      traced += evaluator.invert(Math.min(t, levels.time), y)
      evaluated += y.length / d
      for (let at = 0; at < y.length; at++) y[at] = moments.mean[at % d] + moments.scale * y[at]
      return y
    },
    get functionEvaluations() {
      return table.functionEvaluations + evaluator.functionEvaluations
    },
    options: { nodes, levels: levelCount, rtol },
    warnings:
      tolerance !== null && estimate > tolerance
        ? [
            `The table did not reach the error ${tolerance} asked for: it estimates its own at ${estimate.toExponential(1)}.`,
          ]
        : [],
    get diagnostics(): TableDiagnostics {
      return { nodes, levels: levelCount, estimate, errors, evaluated, traced }
    },
  }
}

function sameDensity(one: Density, other: Density): boolean {
  if (one.dimension !== other.dimension) return false
  const { scale, mean } = other.moments
  const close = (a: number, b: number, size: number) => Math.abs(a - b) <= SAME * size
  if (!close(one.moments.scale, scale, scale)) return false
  const d = one.dimension
  const x = Float64Array.from({ length: COMPARED.length * d }, (_, i) => {
    return mean[i % d] + scale * COMPARED[(i * 3) % COMPARED.length]
  })
  return [0.3, 1].every((share) => {
    const [a, b] = [one, other].map((density) => {
      const out = new Float64Array(x.length)
      density.denoiser(share * scale, x, out)
      return out
    })
    return a.every((value, i) => close(value, b[i], scale))
  })
}
