import type { Random } from '../../src/random/random.ts'

/** A problem file's content with a time to ask for. */
export interface Drawn {
  readonly name: string
  readonly specification: { readonly process: object; readonly data: object }
  readonly time: number
}

type Rows = number[][]

/** Draws of one problem. */
class Draw {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.#random.uniform()
  }

  /** Between two powers of ten. */
  power(low: number, high: number): number {
    return 10 ** this.between(low, high)
  }

  integer(low: number, high: number): number {
    return low + Math.floor(this.#random.uniform() * (high - low + 1))
  }

  chance(share: number): boolean {
    return this.#random.uniform() < share
  }

  of<T>(list: readonly T[]): T {
    return list[this.integer(0, list.length - 1)] as T
  }

  normal(): number {
    return this.#random.normal()
  }

  many<T>(count: number, one: (k: number) => T): T[] {
    return Array.from({ length: count }, (_, k) => one(k))
  }

  /** Adding up to 1, one of them rare now and then. */
  weights(count: number): number[] {
    const rare = this.chance(0.3)
    const raw = this.many(count, (k) => (rare && k === 0 ? this.power(-7, -3) : this.between(0.1, 1)))
    const sum = raw.reduce((total, value) => total + value, 0)
    const weights = raw.map((value) => value / sum)
    return weights.map((value, k) => (k > 0 ? value : 1 - weights.slice(1).reduce((a, b) => a + b, 0)))
  }

  /** Where the data is: near the origin, far from it, or very far. */
  place(d: number): number[] {
    const size = this.of([0, 1, 1, 1, 30, 1e4, 1e8])
    return this.many(d, () => size * this.normal())
  }

  /** I − 2 v vᵀ. */
  reflection(d: number): Rows {
    const v = this.many(d, () => this.normal())
    const square = v.reduce((sum, value) => sum + value * value, 0)
    return v.map((a, i) => v.map((b, j) => Number(i === j) - (2 * a * b) / square))
  }

  covariance(d: number, low: number, high: number): Rows {
    const r = this.reflection(d)
    const variances = this.many(d, () => this.power(low, high))
    return r.map((row, i) =>
      row.map((_, j) => {
        const [a, b] = i < j ? [i, j] : [j, i]
        return variances.reduce((sum, value, k) => sum + r[a][k] * value * r[b][k], 0)
      }),
    )
  }
}

const DATA: Readonly<Record<string, (draw: Draw) => object>> = {
  gaussian(draw) {
    const d = draw.integer(1, 4)
    const low = draw.chance(0.3) ? -12 : -3
    return { kind: 'gaussian', mean: draw.place(d), covariance: draw.covariance(d, low, 1) }
  },
  'mixture on the line': (draw) => mixture(draw, 1, draw.integer(2, 6)),
  mixture: (draw) => mixture(draw, draw.chance(0.1) ? 3 : 2, draw.integer(2, 5)),
  'mixture of many': (draw) => mixture(draw, draw.integer(1, 2), draw.integer(30, 80)),
  product(draw) {
    const d = draw.integer(2, 6)
    const far = draw.chance(0.15) ? 1e6 : 0
    const marginals = draw.many(d, () => {
      const count = draw.integer(1, 3)
      const stds = draw.many(count, () => draw.power(-2, 0.3))
      return { weights: draw.weights(count), means: draw.many(count, () => far + 3 * draw.normal()), stds }
    })
    return { kind: 'product', marginals, ...(draw.chance(0.7) && { rotation: draw.reflection(d) }) }
  },
  'kernel density': (draw) => empirical(draw, draw.power(-2, 0)),
  'point masses': (draw) => empirical(draw, 0),
  radial(draw) {
    const count = draw.integer(1, 3)
    return {
      kind: 'radial',
      dimension: draw.integer(1, 6),
      weights: draw.weights(count),
      radii: draw.many(count, (k) => (k === 0 && draw.chance(0.3) ? 0 : draw.power(-0.5, 1))),
      thicknesses: draw.many(count, () => draw.power(-2, 0)),
    }
  },
  formula(draw) {
    const [a, b, w] = [draw.between(0.5, 3), draw.between(-2, 2), draw.power(-2.5, 0)].map((v) =>
      v.toPrecision(4),
    )
    return {
      kind: 'formula',
      density: draw.of([
        `exp(-x^4 / 4 + ${a} x^2 / 2 + ${b} x / 4)`,
        `exp(-abs(x)^3 / ${a}) (1 + sin(2 x)^2)`,
        `exp(-((x - ${b}) / ${w})^2 / 2) / ${w} + exp(-(x + 1)^2 / 2)`,
        `1 / cosh(${a} (x - ${b}))`,
        `exp(-x - exp(-x)) + 0.2 exp(-(x - 6)^2 / ${a})`,
        `x > ${b} ? (x - ${b})^2 exp(-${a} (x - ${b})) : 0`,
      ]),
    }
  },
}

function mixture(draw: Draw, d: number, count: number): object {
  const centre = draw.place(d)
  const spread = draw.of(d === 1 ? [1, 3, 3, 10, 300] : [1, 3, 5])
  const narrow = draw.of(d === 1 ? [-3, -2, -1, -0.5] : [-1.3, -1, -0.5])
  return {
    kind: 'mixture',
    weights: draw.weights(count),
    means: draw.many(count, () => centre.map((value) => value + spread * draw.normal())),
    ...(draw.chance(0.5)
      ? { stds: draw.many(count, () => draw.power(narrow, 0.3)) }
      : { covariances: draw.many(count, () => draw.covariance(d, 2 * narrow, 0.3)) }),
  }
}

function empirical(draw: Draw, bandwidth: number): object {
  const d = draw.integer(1, 2)
  const centre = draw.place(d)
  const points = draw.many(draw.integer(2, 40), () => centre.map((value) => value + 2 * draw.normal()))
  return { kind: 'empirical', points, bandwidth }
}

const PROCESSES: Readonly<Record<string, (draw: Draw) => { process: object; time: number }>> = {
  ve: (draw) => ({ process: { kind: 've' }, time: draw.power(-2, 2) }),
  edm: (draw) => ({ process: { kind: 'edm' }, time: draw.power(-1, 1.9) }),
  vp: (draw) => ({ process: { kind: 'vp' }, time: draw.between(0.02, 1) }),
  subVp: (draw) => ({ process: { kind: 'subVp' }, time: draw.between(0.02, 1) }),
  // the end, where nothing is left of the data, now and then
  flowMatching: (draw) => ({
    process: { kind: 'flowMatching' },
    time: draw.chance(0.2) ? 1 : draw.power(-2, -1e-3),
  }),
  cosine: (draw) => ({ process: { kind: 'cosine' }, time: draw.chance(0.2) ? 1 : draw.power(-2, -1e-3) }),
  ddpm(draw) {
    const steps = draw.of([10, 100, 1000])
    const schedule = draw.of(['linear', 'scaledLinear', 'cosine'])
    return {
      process: { kind: 'ddpm', schedule, steps },
      time: draw.chance(0.7) ? draw.integer(1, steps) : draw.between(0, steps),
    }
  },
  interpolant: (draw) => ({
    process: draw.of([
      { kind: 'interpolant', alpha: 'cos(pi t / 2)', sigma: 'sin(pi t / 2)' },
      { kind: 'interpolant', alpha: '(1 - t)^2', sigma: 't * (2 - t)' },
      { kind: 'interpolant', alpha: '1 - t', sigma: 'sqrt(t)' },
    ]),
    time: draw.chance(0.2) ? 1 : draw.power(-2, -1e-3),
  }),
  custom(draw) {
    const at = draw.between(0.1, 1.9).toPrecision(4)
    const w = draw.power(-5, -1).toPrecision(3)
    const drift = draw.of([
      '-x / 2',
      '2 (3 - x)',
      'sin(3 t) x',
      `t < ${at} ? -x : 1 - x / 3`,
      `-x * (1 + 3 exp(-((t - ${at}) / ${w})^2))`,
      `tanh((t - ${at}) / ${w}) - x`,
    ])
    const sigma = draw.of([
      '1',
      `0.5 + 20 exp(-((t - ${at}) / ${w})^2)`,
      `t > ${at} ? 2 : 0.4`,
      'sqrt(2 t)',
      `0.3 + abs(t - ${at})`,
      '0.1 + (mod(t, 0.5) < 0.01) * 5',
    ])
    return { process: { kind: 'custom', drift, sigma }, time: draw.between(0.1, 2) }
  },
}

/** Data of a kind that p_t on a grid takes, under a drift that is not linear. */
function nonlinear(draw: Draw): Omit<Drawn, 'name'> {
  const [a, b] = [draw.between(0.5, 2).toPrecision(3), draw.between(-1, 1).toPrecision(3)]
  const drift = draw.of([
    'x - x^3',
    `-x - ${a} sin(2 x)`,
    `${a} tanh(2 x) - x`,
    `x > ${b} ? -(x - ${b}) : 0`,
    `-x - 4 (x - ${b}) exp(-4 (x - ${b})^2)`,
    `-x^3 * (1 + 3 exp(-((t - 0.3) / 0.01)^2))`,
  ])
  const sigma = draw.of(['0.8', '0.5 + t', 't < 0.2 ? 0.4 : 1', '0.5 + 4 exp(-((t - 0.25) / 0.004)^2)'])
  return {
    specification: {
      process: { kind: 'custom', drift, sigma },
      data: draw.chance(0.5)
        ? { kind: 'gaussian', mean: [draw.normal()], covariance: [[draw.power(-1.5, 0.3)]] }
        : { kind: 'mixture', weights: draw.weights(2), means: [-1, 1.3], stds: [draw.power(-0.7, 0), 0.5] },
    },
    time: draw.between(0.2, 0.8),
  }
}

/** Problem k of a seed: kinds of data in turn, processes at random, and every 25th with a drift that is not linear. */
export function drawProblem(random: Random, k: number): Drawn {
  const draw = new Draw(random)
  if (k % 25 === 24) return { name: 'a drift that is not linear', ...nonlinear(draw) }
  const kinds = Object.keys(DATA)
  const kind = kinds[k % kinds.length] as string
  const process = draw.of(Object.keys(PROCESSES))
  const data = DATA[kind](draw)
  const { process: given, time } = PROCESSES[process](draw)
  return { name: `${kind}, ${process}`, specification: { process: given, data }, time }
}
