import { type Figure, figures } from '../../src/figures/index.ts'
import type { Drawing } from './drawing.ts'
import type { CouplingStudy } from './index.ts'
import type { JointLaw } from './joint.ts'

/** The figures of the study. */
export function couplingFigures(study: CouplingStudy): Figure[] {
  const { joint, drawing } = study
  if (joint) return [jointFigure(joint), errorsFigure(study), mapsFigure(study), floorFigure(study)]
  return [errorsFigure(study), ...planeFigure(study, drawing)]
}

const BINS = 24

function jointFigure(joint: JointLaw): Figure {
  const { x, partner, step, variance, late, early } = joint
  const order = Array.from(x.keys()).sort((a, b) => x[a] - x[b])
  const sorted = (values: ArrayLike<number>) => order.map((i) => values[i])
  const edge = sorted(x)[Math.floor(0.998 * x.length)]
  const domain = [sorted(x)[Math.floor(0.002 * x.length)], edge] as const
  const bins = Array.from({ length: BINS }, (_, k) => {
    const inside = order.filter(
      (i) => Math.floor((BINS * (x[i] - domain[0])) / (domain[1] - domain[0])) === k,
    )
    const part = inside.map((i) => partner[i] - step[i])
    const mean = part.reduce((a, b) => a + b, 0) / part.length
    const deviation = Math.sqrt(part.reduce((a, b) => a + (b - mean) ** 2, 0) / (part.length - 1))
    return {
      x: domain[0] + ((k + 0.5) / BINS) * (domain[1] - domain[0]),
      mean,
      deviation,
      count: part.length,
    }
  }).filter(({ count }) => count > 10)
  const at = `t = ${late.toPrecision(3)}`
  return figures.linePanels({
    name: 'coupling-joint',
    title: `The joint law of consistency training's pairs, from ${at} to ${early.toPrecision(3)}`,
    caption:
      'Pairs that share data and noise (dots) against the step of the ODE (left): the partner scatters around the Euler step, ' +
      'with conditional mean zero and standard deviation Δt √Cov(ε|x) about it (right), where the ODE would have no scatter.',
    panels: [
      {
        title: 'partner against point',
        x: { label: 'X at the later time', domain },
        y: { label: 'X at the earlier time' },
        dots: [{ label: 'pairs with the same X₀ and ε', x, y: partner }],
        lines: [{ label: 'Euler step of the ODE', x: sorted(x), y: sorted(step) }],
      },
      {
        title: 'partner − Euler step, given the point',
        x: { label: 'X at the later time', domain },
        y: { label: 'mean and standard deviation' },
        lines: [{ label: 'Δt √Cov(ε|x), theory', x: sorted(x), y: sorted(variance).map(Math.sqrt) }],
        dots: [
          {
            label: 'standard deviation of the pairs',
            x: bins.map((b) => b.x),
            y: bins.map((b) => b.deviation),
          },
          { label: 'mean of the pairs', x: bins.map((b) => b.x), y: bins.map((b) => b.mean) },
        ],
      },
    ],
  })
}

function errorsFigure({ results, angle }: CouplingStudy): Figure {
  const methods = [...new Set(results.fixedPoints.map(({ method }) => method))]
  const orders: Readonly<Record<string, number>> = { 'cd euler': 1, 'cd heun': 2 }
  return figures.convergence({
    name: 'fixed-point-errors',
    title: 'What training converges to: error of the fixed points against the step',
    stepLabel: 'step in θ: arctan(T/c)/N, in radians',
    errorLabel: 'relative error at T (of equation (7): distance to ct l2)',
    lines: methods.map((method) => {
      const rows = results.fixedPoints.filter((row) => row.method === method)
      return {
        label: rows[0].distanceToFixedPoint === null ? method : `${method}, to ct l2`,
        step: rows.map(({ intervals }) => angle / intervals),
        error: rows.map(({ relativeError, distanceToFixedPoint }) => distanceToFixedPoint ?? relativeError),
        ...(orders[method] && { order: orders[method] }),
      }
    }),
  })
}

/** Where the fixed points are wrong. */
function planeFigure({ curves }: CouplingStudy, { x, exact, square }: Drawing): Figure[] {
  if (!exact || !square) return []
  const all = [...new Set(curves.map(({ intervals }) => intervals))]
  const [least, most] = [Math.min(...all), Math.max(...all)]
  const shown = curves.filter(
    ({ method, intervals }) =>
      (method === 'ct l2' && (intervals === least || intervals === most)) ||
      (method === 'cd euler' && intervals === most) ||
      method === 'trained ct l2',
  )
  const edge: [number, number] = [-square.halfWidth, square.halfWidth]
  return [
    figures.errorMaps({
      name: 'fixed-point-maps',
      title: 'Where the fixed points are wrong at T',
      extent: { x: edge, y: edge },
      axes: ['y₁ = (x₁ − μ₁)/r', 'y₂ = (x₂ − μ₂)/r'],
      methods: shown.map(({ method, intervals, y }) => ({
        label: `${method}, N = ${intervals}`,
        errors: Float64Array.from({ length: x.length / 2 }, (_, k) =>
          Math.sqrt(((y[2 * k] - exact[2 * k]) ** 2 + (y[2 * k + 1] - exact[2 * k + 1]) ** 2) / square.trace),
        ),
        columns: square.nodes,
        rows: square.nodes,
      })),
    }),
  ]
}

function mapsFigure({ drawing: curve, curves, results }: CouplingStudy): Figure {
  // every fourth point, and no more of the tails than one sees
  const kept = Array.from(curve.x.keys()).filter(
    (i) => i % 4 === 0 && Math.abs(2 * i - curve.x.length) < 0.4 * curve.x.length,
  )
  const x = kept.map((i) => curve.x[i])
  const most = Math.max(...curves.map(({ intervals }) => intervals))
  const shown = (method: string, wanted: readonly number[]) =>
    curves
      .filter((one) => one.method === method && wanted.includes(one.intervals))
      .map(({ intervals, y }) => ({ label: `${method}, N = ${intervals}`, x, y: kept.map((i) => y[i]) }))
  const truth = curve.exact
  const exact = truth ? [{ label: 'exact', x, y: kept.map((i) => truth[i]) }] : []
  const trained = results.trained.find(({ method }) => method === 'ct l2')?.intervals ?? 16
  const norm = Math.max(
    ...curves.filter(({ method }) => method === 'ct pseudo-huber').map(({ intervals }) => intervals),
  )
  const axes = { x: { label: 'x at T' }, y: { label: 'f(T, x)' } }
  return figures.linePanels({
    name: 'fixed-point-maps',
    title: 'The maps themselves at T',
    caption:
      'With the squared norm (left) consistency training smears the layer between the modes, less so with a smaller step, and a trained ' +
      'network follows its fixed point; with the norm or pseudo-Huber (right) the layer moves, and no smaller step brings it back.',
    panels: [
      {
        title: 'squared norm',
        ...axes,
        lines: [...exact, ...shown('ct l2', [trained, most]), ...shown('trained ct l2', [trained])],
      },
      {
        title: 'norm and pseudo-Huber',
        ...axes,
        lines: [
          ...exact,
          ...shown('ct l1', [norm]),
          ...shown('ct pseudo-huber', [norm]),
          ...shown('trained ct l1', [64]),
        ],
      },
    ],
  })
}

function floorFigure({ results }: CouplingStudy): Figure {
  const rows = results.fixedPoints.filter(({ floor }) => floor !== null)
  const masses = ['ct l2', 'ct l1', 'ct pseudo-huber', 'cd heun'].map((method) => {
    const own = results.fixedPoints.filter((row) => row.method === method)
    return {
      label: method,
      x: own.map(({ intervals }) => intervals),
      y: own.map(({ minorMass }) => minorMass ?? Number.NaN),
    }
  })
  const trained = results.trained.filter(({ floor }) => floor !== null)
  const n = [...new Set(results.fixedPoints.map(({ intervals }) => intervals))]
  const minorMass = results.minorMass ?? Number.NaN
  return figures.linePanels({
    name: 'loss-floor',
    title: 'The floor of the loss, and the mass of the minor mode',
    caption:
      'The loss of consistency training cannot fall below the scatter of its targets (left; exact, by its leading order Δt² E tr(∇f C ∇fᵀ), ' +
      'and as observed at the end of training), and under the norm the minor mode loses mass for every N (right; pseudo-Huber follows the norm, and CD the truth).',
    panels: [
      {
        title: 'loss per squared step in θ',
        x: { label: 'steps N', log: true },
        y: { label: 'relative loss', log: true },
        lines: [
          {
            label: 'floor, exact',
            x: rows.map((r) => r.intervals),
            y: rows.map((r) => r.floor?.exact ?? Number.NaN),
          },
          {
            label: 'leading order',
            x: rows.map((r) => r.intervals),
            y: rows.map((r) => r.floor?.leading ?? Number.NaN),
          },
        ],
        dots: [
          { label: 'trained networks', x: trained.map((r) => r.intervals), y: trained.map((r) => r.loss) },
        ],
      },
      {
        title: 'probability of the minor mode',
        x: { label: 'steps N', log: true },
        y: { label: 'probability', domain: [0, 1.25 * minorMass] },
        lines: [...masses, { label: 'truth', x: n, y: n.map(() => minorMass) }],
      },
    ],
  })
}
