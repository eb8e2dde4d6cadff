import { figures } from '../../src/figures/index.ts'
import type { ErrorSeries, Report } from '../../src/report/index.ts'
import { awkward, certificates, curves, maps, panels, samples, training, work } from '../figures/synthetic.ts'
import { results, row } from './synthetic.ts'

export const nodes = 11
export const times = [0.5, 2, 11]

/** An error that tells its method, time and place. */
export function errorAt(method: number, time: number, cell: number): number {
  return 10 ** -(method + 1) * (1 + time) * (1 + cell / 17)
}

const inPlane: ErrorSeries = {
  figure: 'error-maps',
  dimension: 2,
  nodes,
  halfWidth: 3,
  axes: ['y₁ = x₁/r', awkward],
  times: times.map((time) => ({ time, centre: [1, -1], scale: Math.hypot(time, 1) })),
  methods: ['pinn', 'cd', awkward].map((method, i) => ({
    method,
    errors: times.map((_, k) =>
      Float64Array.from({ length: nodes * nodes }, (_, cell) => errorAt(i, k, cell)),
    ),
  })),
}

/** The same on the line: a row a time. */
export const onLine: ErrorSeries = {
  ...inPlane,
  dimension: 1,
  axes: ['y = (x − μ)/r', awkward],
  times: times.map((time) => ({ time, centre: [1], scale: Math.hypot(time, 1) })),
  methods: inPlane.methods.map(({ method, errors }) => ({
    method,
    errors: errors.map((map) => Array.from(map).slice(0, nodes)),
  })),
}

/** A report with all that a page can have, and names that trip over everything. */
export function wholeReport(errors = inPlane): Report {
  const drawn = [
    figures.dataAndSamples({ ...samples(2, 8), axes: [awkward, awkward] }),
    figures.errorMaps(maps()),
    figures.errorAgainstWork({
      ...work(),
      lines: work().lines.map((line) => ({ ...line, methods: [line.label] })),
    }),
    figures.certificateByTime(certificates()),
    figures.trainingCurve(training()),
    figures.linePanels(panels()),
    figures.mapCurves(curves()),
  ]
  return {
    title: `A report of ${awkward}`,
    meta: { Columns: awkward },
    results: results([row(awkward, 0.4)]),
    errors,
    sections: [
      {
        heading: 'Findings',
        paragraphs: [
          'Of all methods.',
          { method: 'pinn', text: 'pinn is good.' },
          { method: awkward, text: `${awkward} is odd.` },
        ],
      },
      ...drawn.map((figure) => ({ heading: figure.title, figures: [figure] })),
    ],
  }
}
