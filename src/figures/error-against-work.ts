import { InputError } from '../errors.ts'
import { type Figure, makeFigure } from './figure.ts'
import { type LogLine, logLogPanel, logLogSlope } from './log-log-panel.ts'
import { seriesStyle } from './style.ts'

export interface ErrorAgainstWork {
  /** Default error-against-work; give another one when a page holds two. */
  readonly name?: string
  readonly title: string
  /** With unit: "score evaluations per point", "seconds for 16,384 points" */
  readonly workLabel: string
  readonly errorLabel: string
  /** One line a family: the same method with more and more work */
  readonly lines: readonly {
    readonly label: string
    /** The methods it stands for, where they are not the label */
    readonly methods?: readonly string[]
    readonly work: ArrayLike<number>
    readonly error: ArrayLike<number>
  }[]
  /** Single results, such as trained networks: one error each, or several of the same work, such as seeds */
  readonly dots?: readonly {
    readonly label: string
    readonly methods?: readonly string[]
    readonly work: number
    readonly error: number | readonly number[]
  }[]
  /** An error that needs no work, such as the Gaussian map's: a dashed rule */
  readonly baseline?: Rule
  /** Others that have no place on the axis of work, such as a network that evaluates no score: a rule each, in a colour of its own */
  readonly without?: readonly Rule[]
}

interface Rule {
  readonly label: string
  readonly methods?: readonly string[]
  readonly error: number
}

/** Error against work on logarithmic axes, with the fitted slope at the end of every line of three points or more. */
export function errorAgainstWork(data: ErrorAgainstWork): Figure {
  const { dots = [], without = [], baseline } = data
  if (data.lines.length + dots.length === 0) {
    throw new InputError('lines', data.lines, 'at least one line, or dots with at least one result')
  }
  const lines = data.lines.map((line): LogLine => {
    const slope = line.work.length >= 3 ? logLogSlope(line.work, line.error) : null
    const label = { label: line.label, x: line.work, y: line.error }
    return slope === null ? label : { ...label, endLabel: `slope ${signed(slope)}` }
  })
  return makeFigure({
    name: data.name ?? 'error-against-work',
    title: data.title,
    caption:
      'Error against work, both on logarithmic axes: lower and further left is better, and a line of slope −p ' +
      'gains p decades of accuracy for ten times the work (slopes are fitted over the whole line).',
    series: [...data.lines, ...dots, ...(baseline ? [baseline] : []), ...without],
    body: logLogPanel({
      lines,
      dots: dots.map(({ label, work, error }) => {
        const errors = typeof error === 'number' ? [error] : error
        return { label, x: errors.map(() => work), y: errors }
      }),
      rules: [
        ...(baseline ? [{ label: baseline.label, y: baseline.error }] : []),
        ...without.map(({ label, error }, i) => ({
          ...{ label, y: error },
          style: { ...seriesStyle(lines.length + dots.length + i), dash: '9 3' },
        })),
      ],
      xLabel: data.workLabel,
      yLabel: data.errorLabel,
    }),
  })
}

/** Two digits after the point and a true minus sign. */
export function signed(value: number): string {
  return value.toFixed(2).replace('-', '−')
}
