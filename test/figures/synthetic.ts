import type {
  CertificateByTime,
  Convergence,
  DataAndSamples,
  ErrorAgainstWork,
  ErrorMaps,
  HeatMap,
  ImageGrid,
  LinePanels,
  MapCurves,
  TrainingCurve,
  Trajectories,
} from '../../src/figures/index.ts'
import { Random } from '../../src/random/random.ts'

/** A name with everything that XML, HTML and terminals trip over. */
export const awkward = 'a<b> & "c" \'d\' </svg><script>alert(1)</script>'

const MEANS: readonly (readonly [number, number])[] = [
  [39, 185],
  [48, 197],
  [47, 217],
]

function mixture(n: number, dimension: number, blur: number, seed: number): Float64Array {
  const random = new Random(seed)
  const values = new Float64Array(n * dimension)
  for (let i = 0; i < n; i++) {
    const mean = MEANS[random.integer(3)] as readonly [number, number]
    const spread = [2.2 * (1 + blur), 6 * (1 + blur)] as const
    for (let k = 0; k < dimension; k++) {
      values[i * dimension + k] = (mean[k] as number) + (spread[k] as number) * random.normal()
    }
  }
  return values
}

export function samples(dimension: 1 | 2, count = 6, rows = 2000): DataAndSamples {
  const names = [
    'characteristics',
    'grid:forward-map',
    'pinn',
    'cd',
    'ct',
    'sampler:heun-18',
    'gaussian',
    awkward,
  ]
  return {
    title: 'Penguins: data and one-step samples of each method',
    data: {
      label: 'data',
      note: '342 penguins',
      values: mixture(Math.min(342, rows), dimension, 0, 1),
      dimension,
    },
    methods: names.slice(0, count).map((label, i) => ({
      label,
      note: `relative error ${(10 ** (i - 6)).toExponential(2)}, W₂ ${(0.01 * (i + 1)).toFixed(3)}`,
      values: mixture(rows, dimension, i * 0.25, 10 + i),
      dimension,
    })),
    axes: ['bill length (mm)', 'flipper length (mm)'],
  }
}

// Gaussian-mixture probability flow, Euler steps in θ with the closed-form score
function flow(y0: readonly number[], steps: number): Float64Array {
  const means = [
    [-1.2, -0.6],
    [1.1, -0.8],
    [0.1, 1.3],
  ]
  const spread = 0.3
  let y = [...y0]
  const path: number[] = [...y]
  for (let step = 0; step < steps; step++) {
    const theta = 1.55 * (1 - step / steps)
    const t = Math.tan(theta)
    const r = Math.hypot(1, t)
    const variance = spread ** 2 + t * t
    const logs = means.map(
      (m) => -y.reduce((s, v, k) => s + (r * v - (m[k] as number)) ** 2, 0) / (2 * variance),
    )
    const top = Math.max(...logs)
    const weights = logs.map((log) => Math.exp(log - top))
    const total = weights.reduce((s, w) => s + w, 0)
    y = y.map((v, k) => {
      const pull = means.reduce(
        (s, m, j) => s + ((weights[j] as number) / total) * ((m[k] as number) - r * v),
        0,
      )
      return v + (1.55 / steps) * Math.tan(theta) * (v + (r * pull) / variance)
    })
    path.push(...y)
  }
  return Float64Array.from(path)
}

export function paths(dimension: 1 | 2, count = 120): Trajectories {
  const random = new Random(5)
  const steps = 80
  return {
    title: `Trajectories of the probability flow, ${dimension}-D mixture`,
    dimension,
    times: Array.from({ length: steps + 1 }, (_, i) => 1.55 * (1 - i / steps)),
    paths: Array.from({ length: count }, () =>
      flow(
        Array.from({ length: dimension }, () => random.normal()),
        steps,
      ),
    ),
    timeLabel: 'θ = arctan(t/c) (rad)',
    axes: ['y₁ = x₁/r (comoving)', 'y₂ = x₂/r (comoving)'],
  }
}

export function maps(count = 6, n = 101): ErrorMaps {
  const names = ['grid:upwind', 'grid:forward-map', 'pinn', 'cd', 'ct', awkward]
  return {
    title: 'Where each method is wrong, mixture-2d-t10',
    extent: { x: [-4, 4], y: [-4, 4] },
    axes: ['y₁ = x₁/r', 'y₂ = x₂/r'],
    methods: names.slice(0, count).map((label, i) => {
      const level = [1e-2, 1e-8, 1e-4, 1e-3, 5e-2, 1e-3][i] as number
      const errors = Float64Array.from({ length: n * n }, (_, at) => {
        const x = -4 + (8 * ((at % n) + 0.5)) / n
        const y = -4 + (8 * (Math.floor(at / n) + 0.5)) / n
        const angle = Math.atan2(y, x)
        const layer = Math.exp(-((Math.abs(Math.sin(1.5 * angle + 0.3)) * Math.hypot(x, y)) ** 2) * 8)
        return level * (0.02 + layer + 0.01 * Math.abs(Math.sin(5 * x) * Math.cos(4 * y)))
      })
      return { label, note: `relative error ${level.toExponential(1)}`, errors, columns: n, rows: n }
    }),
  }
}

export function scatteredMaps(): ErrorMaps {
  const random = new Random(9)
  const x = Array.from({ length: 1500 }, () => random.normal())
  const y = Array.from({ length: 1500 }, () => random.normal())
  const errors = x.map((value, i) =>
    i === 7 ? Number.NaN : 1e-3 * Math.exp(-20 * (value * (y[i] as number)) ** 2) + 1e-6,
  )
  const shape = { extent: { x: [-4, 4], y: [-4, 4] }, axes: ['y₁', 'y₂'] } as const
  return {
    name: 'error-maps-scattered',
    title: 'Scattered points',
    ...shape,
    methods: [{ label: 'pinn', errors, x, y }],
  }
}

function ladder(label: string, order: number, factor: number, first: number, count: number, floor = 0) {
  const work = Array.from({ length: count }, (_, i) => first * 2 ** i)
  const error = work.map((w, i) => factor * w ** -order * (1 + 0.2 * Math.sin(3 * i + factor)) + floor)
  return { label, work, error }
}

export function work(): ErrorAgainstWork {
  return {
    title: 'mixture-2d-t10: error against score evaluations',
    workLabel: 'score evaluations per point',
    errorLabel: 'relative RMS error of f at T',
    lines: [
      ladder('grid:upwind', 0.5, 0.8, 16, 6),
      ladder('grid:weno5', 0.7, 0.9, 16, 6),
      ladder('grid:forward-map', 5, 1e5, 20, 6, 1e-9),
      ladder('characteristics (rtol 1e-3 … 1e-12)', 8, 1e9, 24, 6, 1e-13),
      ladder('sampler:euler', 1, 3, 4, 8),
      ladder('sampler:heun', 2, 8, 4, 7),
      ladder(awkward, 2.1, 6, 4, 7),
    ],
    dots: [
      { label: 'pinn', work: 1, error: 5e-4 },
      { label: 'cd', work: 1, error: 5.2e-3 },
    ],
    without: [{ label: 'ct (evaluates no score)', error: 9e-2 }],
    baseline: { label: 'Gaussian map (baseline)', error: 0.27 },
  }
}

export function orders(): Convergence {
  const step = [0.2, 0.1, 0.05, 0.025, 0.0125]
  return {
    title: 'Order of the schemes on smooth-1d',
    stepLabel: 'cell width h (in units of c)',
    errorLabel: 'L² error',
    lines: [1, 2, 3, 5, 9].map((order, k) => ({
      label: ['upwind', 'lax-wendroff', 'weno3', 'weno5', 'weno9'][k] as string,
      step,
      error: step.map((h) => (0.3 + 2 * k) * h ** order * (1 + h)),
      order,
    })),
  }
}

export function certificates(): CertificateByTime {
  const time = Array.from({ length: 65 }, (_, i) => (1.5 * i) / 64)
  return {
    title: 'Where in time the networks are wrong',
    timeLabel: 'θ = arctan(t/c) (rad)',
    residualLabel: '‖r‖ dt/dθ (data units per rad)',
    networks: ['pinn', 'cd', 'ct', awkward].map((label, i) => {
      const residual = time.map(
        (t) => (0.002 + 0.004 * i) * Math.exp(-(((t - 0.5 - 0.1 * i) / 0.22) ** 2)) + 2e-4 * t,
      )
      const certificate = (residual.reduce((s, v) => s + v, 0) * 1.5) / 64
      return { label, time, residual, certificate }
    }),
  }
}

export function training(withError = true, steps = 3000): TrainingCurve {
  const random = new Random(3)
  const step = Array.from({ length: steps }, (_, i) => i)
  const errorStep = Array.from({ length: 13 }, (_, i) => (steps / 12) * i)
  const times = Array.from({ length: 12 }, (_, i) => ((i + 0.5) * 1.5) / 12)
  return {
    title: 'Training of the networks on mixture-2d-t10',
    networks: ['pinn', 'cd', 'ct'].map((label, i) => ({
      label,
      step,
      loss: step.map(
        (s) => (0.5 * (1 + s / 20) ** (-1.4 + 0.5 * i) + 1e-5 * 30 ** i) * Math.exp(0.5 * random.normal()),
      ),
      ...(withError
        ? {
            error: { step: errorStep, value: errorStep.map((s) => 0.3 * (1 + s / 30) ** (-1.1 + 0.3 * i)) },
            otherSeeds: [0.8, 1.3].map((factor) => ({
              step: errorStep,
              value: errorStep.map((s) => factor * 0.3 * (1 + s / 30) ** (-1.1 + 0.3 * i)),
            })),
            residual: {
              step: errorStep.slice(1),
              time: times,
              residual: errorStep
                .slice(1)
                .map((s) => times.map((t) => (0.5 / (1 + s / 30)) * Math.exp(-(((t - 0.6) / 0.3) ** 2)))),
            },
          }
        : {}),
    })),
  }
}

export function panels(): LinePanels {
  const x = Array.from({ length: 41 }, (_, i) => (i - 20) / 5)
  const n = [8, 16, 32, 64]
  return {
    name: 'line-panels',
    title: 'Two panels',
    caption: 'Lines and dots in two panels.',
    panels: [
      {
        title: 'maps',
        x: { label: 'x' },
        y: { label: 'f(T, x)' },
        lines: ['exact', awkward].map((label, i) => ({ label, x, y: x.map((v) => Math.tanh(v * (3 - i))) })),
        dots: [{ label: 'samples', x: [...x, ...x], y: [...x, ...x].map((v, i) => v + Math.sin(9 * i)) }],
      },
      {
        title: 'loss',
        x: { label: 'N', log: true },
        y: { label: 'loss', log: true },
        lines: [{ label: 'predicted', x: n, y: n.map((k) => 3 / k) }],
        dots: [{ label: 'trained', x: [16, 64], y: [0.2, 0] }],
      },
    ],
  }
}

export function curves(): MapCurves {
  const x = Array.from({ length: 81 }, (_, i) => (i - 40) / 13)
  const map = (slope: number) => x.map((v) => Math.tanh(slope * v))
  return {
    title: 'The map f(T, ·) of each method over the true one',
    axes: ['y = (x − μ)/r', 'f(T, x): x'],
    x,
    truth: map(6),
    methods: ['pinn', 'cd', awkward].map((label, i) => ({
      label,
      note: `relative error ${10 ** (i - 3)}`,
      values: map(6 - i),
    })),
  }
}

/** Eight rows of grey images: a bar that moves and fades, with values beyond black and white. */
export function images(): ImageGrid {
  const side = 8
  return {
    name: 'image-grid',
    title: 'Images by each method',
    caption: 'Eight rows of images.',
    width: side,
    height: side,
    rows: ['data', 'nearest', 'pinn', 'nearest to pinn', 'cd', 'a label of two lines', 'ct', awkward].map(
      (label, row) => ({
        label,
        ...(row % 2 === 1 && { minor: true }),
        images: Float64Array.from({ length: 5 * side * side }, (_, at) => {
          const [k, i, j] = [Math.floor(at / 64), Math.floor(at / side) % side, at % side]
          return j === (k + row) % side ? 1.2 - i / side : i / 20 - 0.1
        }),
      }),
    ),
  }
}

/** A row of colour images, wider than high: red grows to the right, green downwards, blue by image. */
export function colourImages(): ImageGrid {
  const [width, height] = [6, 4]
  return {
    name: 'image-grid',
    title: 'Images in colour',
    caption: 'A row of colour images.',
    ...{ width, height, channels: 3 },
    rows: [
      {
        label: 'colours',
        images: Float64Array.from({ length: 3 * 3 * width * height }, (_, at) => {
          const [pixel, image] = [Math.floor(at / 3), Math.floor(at / 3 / width / height)]
          return [(pixel % width) / 5, (Math.floor(pixel / width) % height) / 3, image / 2][at % 3]
        }),
      },
    ],
  }
}

export function heat(): HeatMap {
  return {
    name: 'heat-map',
    title: 'Errors of methods on problems',
    caption: 'Dark is small.',
    columns: ['plane', awkward, 'a problem with a long name'],
    rows: ['pinn', awkward, 'none'].map((label, i) => ({
      label,
      cells: [0, 1, 2].map((j) => ({
        value: i === 2 ? Number.NaN : -i - j / 2,
        text: i === 2 ? '–' : (10 ** (-i - j / 2)).toPrecision(2),
      })),
    })),
    scale: {
      ...{ label: 'error', low: -2, high: 0 },
      ticks: [
        [-2, '0.01'],
        [-1, '0.1'],
        [0, '1'],
      ],
      missing: 'no number',
    },
  }
}
