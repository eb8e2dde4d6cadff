import { describe, expect, test } from 'vitest'
import { createMethod } from '../../solvers/method-specification.ts'
import { sde } from '../../solvers/sde/index.ts'
import { certify } from '../../src/certificate/certify.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { measureError } from '../../src/metrics/measure-error.ts'
import { pointsFromRows, pointsToRows } from '../../src/points/points.ts'
import { ownPoints, vePoints, veTime } from '../../src/problem/process.ts'
import { solve } from '../../src/solve.ts'
import type { ProcessSpec } from '../../src/specification/problem.ts'

/** Every kind of process with the time to which it is followed: its end, where α is 0 or all but that. A new one has a line here. */
const cases = {
  ve: [{}, Infinity],
  edm: [{}, 20],
  vp: [{ betaMin: 0.1, betaMax: 20 }, 1],
  subVp: [{ betaMin: 0.1, betaMax: 20 }, 1],
  flowMatching: [{}, 1],
  cosine: [{}, 1],
  ddpm: [{ schedule: 'linear', start: 0.001, end: 0.2, steps: 60 }, 60],
  interpolant: [{ alpha: 'cos(pi / 2 * t)', sigma: 'sin(pi / 2 * t)' }, 1],
  custom: [{ drift: '-x / (1 - t)', sigma: 'sqrt(2 * t / (1 - t))', maximumTime: 0.95 }, 0.95],
} satisfies Record<ProcessSpec['kind'], [Record<string, unknown>, number]>

const line = { kind: 'mixture', weights: [0.4, 0.6], means: [[-1.5], [1]], stds: [0.4, 0.3] }
const plane = {
  kind: 'mixture',
  weights: [0.5, 0.3, 0.2],
  means: [
    [-1.5, 0],
    [1, 0.8],
    [0.3, -1.6],
  ],
  stds: [0.4, 0.3, 0.5],
}
/** Weights of noise: points of the VE process at any time are scale · y. */
const noise = [
  [-1.7, 0.2],
  [0.1, -0.6],
  [0.9, 1.4],
  [2.2, -1.1],
]

describe.each(Object.entries<[Record<string, unknown>, number]>(cases))(
  'what works for one process works for %s',
  (kind, [options, time]) => {
    const process = { kind, ...options }
    const [onLine, inPlane] = [line, plane].map((data) => parseProblem({ process, data }))

    test('characteristics are those of the equivalent VE problem, at the end and before', async () => {
      const f = await solve(inPlane, await createMethod({ kind: 'characteristics', rtol: 1e-12 }), { time })
      const ve = parseProblem({ process: { kind: 've' }, data: plane })
      for (const share of [0.1, 0.5, 0.9, 1]) {
        const t = time === Infinity ? [0.3, 2, 50, Infinity][[0.1, 0.5, 0.9, 1].indexOf(share)] : share * time
        const tau = veTime(inPlane.process, t)
        const y = Float64Array.from(noise.flat(), (z) => Math.hypot(1, tau) * z)
        const x = ownPoints(inPlane.process, t, y)
        const found = f.evaluate(t, { shape: [4, 2], data: x })
        const g = await solve(ve, await createMethod({ kind: 'characteristics', rtol: 1e-12 }), {
          time: tau > 1e40 ? Infinity : tau,
        })
        const at = tau > 1e40 ? Infinity : tau
        const wanted = g.evaluate(at, {
          shape: [4, 2],
          data: at === Infinity ? Float64Array.from(noise.flat()) : vePoints(inPlane.process, t, x),
        })
        for (const [i, value] of Array.from(wanted.data).entries())
          expect(Math.abs(found.data[i] - value)).toBeLessThan(1e-10 * Math.max(1, Math.abs(value)))
      }
    })

    test('grids, samplers, networks and certificates', async () => {
      const truth = pointsToRows(
        (await solve(onLine, await createMethod({ kind: 'exact' }), { time })).evaluate(
          time,
          own(onLine, time),
        ),
      ).flat()
      for (const [spec, tolerance] of [
        [{ kind: 'grid', scheme: 'forward-map', nodes: 400 }, 1e-3],
        [{ kind: 'grid', scheme: 'weno5', nodes: 401 }, 0.2],
        [{ kind: 'sampler', solver: 'heun', steps: 64 }, 0.05],
        [{ kind: 'sampler', solver: 'dpm-2m', steps: 64 }, 0.05],
        [{ kind: 'train', loss: 'cd', steps: 30, batch: 64, width: 16, layers: 2 }, 3],
        [{ kind: 'train', loss: 'pinn', steps: 30, batch: 64, width: 16, layers: 2 }, 3],
      ] as const) {
        const f = await solve(onLine, await createMethod(spec as never, { threads: 1 }), { time })
        const found = pointsToRows(f.evaluate(time, own(onLine, time))).flat()
        for (const [i, value] of truth.entries())
          expect([spec, Math.abs(found[i] - value) < tolerance]).toEqual([spec, true])
        const { relativeError } = await measureError(f, onLine, { time, samples: 200 })
        expect(relativeError).toBeLessThan(spec.kind === 'train' ? 2 : 0.2)
        if (spec.kind !== 'train') continue
        const { estimate, increments } = await certify(f, onLine, { time, samples: 200 })
        expect(estimate).toBeGreaterThanOrEqual(relativeError * 0.8)
        expect(increments.at(-1)?.to).toBe(time)
      }
    })

    test.skipIf(time === Infinity)('paths of the SDE have the law of the process at both ends', async () => {
      const size = { time, steps: 200, count: 2500, seed: 1 }
      const [mean, square] = moments(sde.forward(onLine, size).data)
      const [alpha, sigma] = [onLine.process.alpha(time), onLine.process.sigma(time)]
      const m = onLine.process.mean?.(time) ?? 0
      // of the data: mean 0, variance 0.4·(2.25 + 0.16) + 0.6·(1 + 0.09)
      const variance = alpha ** 2 * 1.618 + sigma ** 2
      expect(Math.abs(mean - m)).toBeLessThan(4 * Math.sqrt(variance / 2500) + 0.02 * Math.sqrt(variance))
      expect(Math.abs(square / (variance + m * m) - 1)).toBeLessThan(0.12)
      const [back, backSquare] = moments(sde.reverse(onLine, size).data)
      expect(Math.abs(back)).toBeLessThan(0.12)
      expect(Math.abs(backSquare / 1.618 - 1)).toBeLessThan(0.12)
    })
  },
)

/** Some points of the process at a time. */
function own({ process }: ReturnType<typeof parseProblem>, t: number) {
  const tau = veTime(process, t)
  const y = Float64Array.from(noise, ([z]) => Math.hypot(1, tau) * z)
  return pointsFromRows(Array.from(ownPoints(process, t, y), (x) => [x]))
}

function moments(x: ArrayLike<number>): [number, number] {
  const all = Array.from(x)
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return [mean(all), mean(all.map((value) => value * value))]
}
