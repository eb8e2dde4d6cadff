import { describe, expect, it } from 'vitest'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { points } from '../../src/points/points.ts'
import { veTime } from '../../src/problem/process.ts'
import { createProcess } from '../../src/problem/processes/index.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'

interface Pulse {
  readonly at: number
  readonly width: number
  readonly height: number
}

const T = 8
const gaussian = ({ at, width, height }: Pulse) => `${height} * exp(-((t - ${at}) / ${width})^2)`
const value = ({ at, width, height }: Pulse, t: number) => height * Math.exp(-(((t - at) / width) ** 2))

/** α and τ of dX = −(½ + Σ drift pulses) X dt + (base + Σ σ pulses) dB at T by the trapezoidal rule on 400 points a pulse width, pulses known. */
function reference(base: number, inDrift: readonly Pulse[], inSigma: readonly Pulse[]) {
  const knots = new Set<number>()
  for (let i = 0; i <= 20_000; i++) knots.add((i * T) / 20_000)
  for (const { at, width } of [...inDrift, ...inSigma])
    for (let i = -1200; i <= 1200; i++) {
      const t = at + (i * width) / 150
      if (t > 0 && t < T) knots.add(t)
    }
  const times = Float64Array.from(knots).sort()
  const rate = (t: number) => -0.5 - inDrift.reduce((sum, pulse) => sum + value(pulse, t), 0)
  const sigma = (t: number) => base + inSigma.reduce((sum, pulse) => sum + value(pulse, t), 0)
  // Simpson's rule on each piece, log α at its middle by a rule of the same order
  let [log, variance] = [0, 0]
  for (let k = 1; k < times.length; k++) {
    const [a, b] = [times[k - 1], times[k]]
    const [m, h] = [(a + b) / 2, times[k] - times[k - 1]]
    const [ra, rm, rb] = [rate(a), rate(m), rate(b)]
    const half = log + (h * (5 * ra + 8 * rm - rb)) / 24
    const end = log + (h * (ra + 4 * rm + rb)) / 6
    const weighted = (t: number, l: number) => sigma(t) ** 2 * Math.exp(-2 * l)
    variance += (h * (weighted(a, log) + 4 * weighted(m, half) + weighted(b, end))) / 6
    log = end
  }
  return { alpha: Math.exp(log), tau: Math.sqrt(variance) }
}

function draw(random: Random, count: number, largest: number): Pulse[] {
  return Array.from({ length: count }, () => {
    const width = 10 ** (-5 + 4.5 * random.uniform())
    return { at: 0.2 + 7.6 * random.uniform(), width, height: (largest * random.uniform()) / width ** 0.5 }
  })
}

describe('pulses in time', () => {
  // where they begin they are 1e-250 of themselves, with few digits
  it.each([1e-2, 1e-4, 1e-5, 1e-7])('with nothing before them, of width %s, end no process', (width) => {
    const pulse = `50 * exp(-((t - 2) / ${width})^2)`
    const area = 50 * width * Math.sqrt(Math.PI)
    // e^-1 of it is left a unit of time later, but for the decay in the pulse
    const near = 2 * width
    const shifted = createProcess({ kind: 'custom', drift: `-x + ${pulse}`, sigma: '1' })
    expect(shifted.maximumTime).toBeGreaterThan(10)
    const mean = (shifted.mean?.(3) ?? 0) / (area * Math.exp(-1))
    expect(Math.abs(mean - 1)).toBeLessThan(near)
    const noised = createProcess({ kind: 'custom', drift: '-x', sigma: pulse })
    expect(noised.maximumTime).toBeGreaterThan(10)
    const variance = noised.sigma(3) ** 2 / (50 * 50 * width * Math.sqrt(Math.PI / 2) * Math.exp(-2))
    expect(Math.abs(variance - 1)).toBeLessThan(near)
  })

  it('of random place, width, height and number, in σ and in the drift, on the line and in the plane, are all seen', () => {
    const random = new Random(11)
    for (let trial = 0; trial < 40; trial++) {
      const inSigma = draw(random, trial % 4, 1.5)
      const inDrift = draw(random, Math.floor(trial / 4) % 3, 0.5)
      const rate = ['0.5', ...inDrift.map(gaussian)].join(' + ')
      const process = createProcess({
        kind: 'custom',
        drift: trial % 2 ? `-(${rate}) x` : [`-(${rate}) x1`, `-(${rate}) x2`],
        sigma: ['0.5', ...inSigma.map(gaussian)].join(' + '),
        maximumTime: T,
      })
      const { alpha, tau } = reference(0.5, inDrift, inSigma)
      expect(process.alpha(T) / alpha).toBeCloseTo(1, 8)
      expect(veTime(process, T) / tau).toBeCloseTo(1, 8)
    }
  })

  it.each([
    // [σ, ∫₀⁸ σ²]
    ['1 < t < 1.00001 ? 300 : 1', 8 - 1e-5 + 0.9],
    ['mod(t, 1) < 0.001 ? 20 : 0.5', 8 * (0.25 * 0.999 + 400 * 0.001)],
    ['sqrt(1 + 1e4 / (1 + ((t - 3) / 1e-4)^2))', 8 + Math.atan(5e4) + Math.atan(3e4)],
    ['sqrt(exp(-abs(t - 6) / 1e-6) / 1e-6 + 1)', 8 + 2],
    ['sqrt(1 + 500 / cosh((t - 2.2) / 1e-3)^2)', 8 + 1],
    ['t < pi ? 1 : 3', Math.PI + 9 * (8 - Math.PI)],
    ['abs(t - 5)', (125 + 27) / 3],
    ['floor(t) / 2', (0 + 1 + 4 + 9 + 16 + 25 + 36 + 49) / 4],
    ['max(0.1, 1 - 1000 abs(t - 4.4))', 0.01 * (8 - 0.0018) + (2 * (1 - 0.001)) / 3000],
  ])('σ = %s', (sigma, wanted) => {
    const process = createProcess({ kind: 'custom', drift: '0', sigma })
    expect(veTime(process, 8) ** 2 / wanted).toBeCloseTo(1, 9)
  })

  it('a drift that switches in time has the map of its two parts', () => {
    const process = createProcess({ kind: 'custom', drift: 't < 1.3 ? -x : 2 - x / 2', sigma: '0.7' })
    expect(process.alpha(3) / Math.exp(-1.3 - 0.85)).toBeCloseTo(1, 12)
    expect(process.mean?.(3)).toBeCloseTo(4 * -Math.expm1(-0.85), 12)
  })

  it('what cannot be integrated is refused in a sentence', () => {
    const far = { kind: 'custom', drift: '-x', sigma: '1 + (mod(t, 1e-6) < 5e-7)', maximumTime: 5 } as const
    expect(() => createProcess(far)).toThrow(/maximumTime is 5; expected at most 0\.\d+: beyond it/)
  })

  it('breaks are ascending times of the problem', () => {
    const spec = { kind: 'custom', drift: '-x', sigma: '1', breaks: [1, 2.5] } as const
    const process = createProcess({ ...spec, breaks: [1, 2.5] })
    expect(process.breaks?.(2)).toEqual([1])
    expect(() => createProcess({ ...spec, breaks: [2, 1] })).toThrow('problem.process.breaks[1] is 1')
  })

  it('the case of a narrow pulse in σ', async () => {
    const problem = parseProblem({
      process: { kind: 'custom', drift: '-x/2', sigma: '0.5+20*exp(-((t-5)/0.002)^2)' },
      data: { kind: 'gaussian', mean: [1], covariance: [[0.25]] },
    })
    const wanted = [-0.831961, 0.983375, 1.891044, 3.706381, 5.521717]
    for (const method of [exact(), rungeKutta()]) {
      const f = await solve(problem, method, { time: 8 })
      const found = f.evaluate(8, points(Float64Array.of(-2, 0, 1, 3, 5), 1)).data
      wanted.forEach((value, i) => {
        expect(found[i]).toBeCloseTo(value, 5)
      })
    }
  })

  it.each(['t < 0.2 ? 0.4 : 1', '0.5 + 12 exp(-((t - 0.25) / 0.002)^2)'])(
    'p_t on a grid and characteristics in t keep to them: σ = %s',
    async (sigma) => {
      const data = { kind: 'mixture', weights: [0.4, 0.6], means: [-1, 1.3], stds: [0.5, 0.6] }
      const make = (more: object) =>
        parseProblem({ process: { kind: 'custom', drift: '-x', sigma, ...more }, data })
      const X = points(Float64Array.of(-1.5, -0.4, 0.2, 1.1), 1)
      const wanted = (await solve(make({}), exact(), { time: 0.5 })).evaluate(0.5, X).data
      for (const method of [exact(), rungeKutta()]) {
        const found = (await solve(make({ grid: {} }), method, { time: 0.5 })).evaluate(0.5, X).data
        for (let i = 0; i < 4; i++) expect(Math.abs(found[i] - wanted[i])).toBeLessThan(1e-6)
      }
    },
  )
})
