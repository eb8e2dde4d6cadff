import { InputError } from '../errors.ts'
import { signed } from './error-against-work.ts'
import { type Figure, makeFigure } from './figure.ts'
import { type LogReference, logLogPanel, pairs } from './log-log-panel.ts'

export interface Convergence {
  /** Default convergence */
  readonly name?: string
  readonly title: string
  /** With unit: "cell width h", "step in θ (rad)" */
  readonly stepLabel: string
  readonly errorLabel: string
  /** Errors below it are rounding and have no order. Default 0 */
  readonly floor?: number
  readonly lines: readonly {
    readonly label: string
    readonly step: ArrayLike<number>
    readonly error: ArrayLike<number>
    /** The order that theory gives: drawn as a reference through the coarsest point */
    readonly order?: number
  }[]
}

/** Error against step size on logarithmic axes, with observed orders and reference slopes. */
export function convergence(data: Convergence): Figure {
  if (data.lines.length === 0) throw new InputError('lines', data.lines, 'at least one method')
  const lines = data.lines.map((line) => {
    const order = observedOrder(line.step, line.error, data.floor)
    const drawn = { label: line.label, x: line.step, y: line.error }
    return order === null ? drawn : { ...drawn, endLabel: `order ${signed(order)}` }
  })
  return makeFigure({
    name: data.name ?? 'convergence',
    title: data.title,
    caption:
      'Error against step size on logarithmic axes: the observed order of the two finest steps ' +
      `${data.floor ? 'above rounding ' : ''}stands at the end of each line, ` +
      'and a line parallel to its dashed reference has the order that theory gives.',
    series: data.lines,
    body: logLogPanel({
      lines,
      references: references(data),
      referenceLabel: 'slope of the theoretical order',
      xLabel: data.stepLabel,
      yLabel: data.errorLabel,
    }),
  })
}

/** log(e₁/e₂) / log(h₁/h₂) of the two finest steps with errors of at least `floor`; null where there are not two, or one is zero. */
export function observedOrder(step: ArrayLike<number>, error: ArrayLike<number>, floor = 0): number | null {
  const points = pairs({ x: step, y: error })
    .filter(([, one]) => one >= floor)
    .sort((a, b) => a[0] - b[0])
  const [finest, next] = points
  if (finest === undefined || next === undefined || finest[0] === next[0]) return null
  return Math.log(next[1] / finest[1]) / Math.log(next[0] / finest[0])
}

function references(data: Convergence): LogReference[] {
  return data.lines.flatMap(({ step, error, order }) => {
    const points = pairs({ x: step, y: error }).sort((a, b) => a[0] - b[0])
    const fine = points[0]
    const coarse = points.at(-1)
    if (order === undefined || fine === undefined || coarse === undefined || fine === coarse) return []
    const low = Math.min(...points.map((p) => p[1]))
    const start = coarse[1] * 1.6
    // a reference stops where it would leave the range of the errors
    const end = Math.max(fine[0], coarse[0] * (low / start) ** (1 / order))
    return [
      {
        from: [coarse[0], start] as const,
        to: [end, start * (end / coarse[0]) ** order] as const,
      },
    ]
  })
}
