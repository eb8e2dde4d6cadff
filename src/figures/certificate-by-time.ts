import * as Plot from '@observablehq/plot'
import { InputError } from '../errors.ts'
import { extent, type FacetAxis, facetGrid, frameWidth } from './facets.ts'
import { beside, type Figure, makeFigure, stack } from './figure.ts'
import { legend, ofSeries } from './legend.ts'
import { figureWidth, seriesStyle } from './style.ts'

export interface CertificateByTime {
  /** Default certificate-by-time */
  readonly name?: string
  readonly title: string
  /** "θ = arctan(t/c) (rad)" or "t" */
  readonly timeLabel: string
  /** What is integrated, with unit: "‖r‖ dt/dθ (data units per rad)" */
  readonly residualLabel: string
  readonly networks: readonly {
    readonly label: string
    /** Rising times, or θ */
    readonly time: ArrayLike<number>
    /** The integrand at these times: its integral over `time` is the certificate */
    readonly residual: ArrayLike<number>
    /** The certificate as it was estimated; shown in the legend */
    readonly certificate: number
  }[]
}

/** When a network breaks the transport equation: the integrand of the certificate, and the share gathered so far. */
export function certificateByTime(figure: CertificateByTime): Figure {
  const { networks } = figure
  if (networks.length === 0) throw new InputError('networks', networks, 'at least one network')
  const series = networks.map((network, i) => {
    const points = Array.from(network.time, (time, k): [number, number] => [
      time,
      network.residual[k] as number,
    ])
    const finite = points.filter((point) => point.every(Number.isFinite))
    return {
      label: `${network.label}: certificate ${network.certificate.toPrecision(3)}`,
      finite,
      style: seriesStyle(i),
    }
  })
  const times = series.flatMap((s) => s.finite.map((p) => p[0]))
  const top = Math.max(0, ...series.flatMap((s) => s.finite.map((p) => p[1])))
  const x: FacetAxis = { domain: extent(times, 0), label: figure.timeLabel }
  const frame = { width: frameWidth((figureWidth - 44) / 2, 1), height: 340 }
  const stroke = (i: number) => {
    const { colour, dash } = seriesStyle(i)
    return { stroke: colour, strokeDasharray: dash, strokeWidth: 2, ...ofSeries(i, 'line') }
  }
  const integrand = facetGrid(
    [
      {
        title: 'residual; its area is the certificate',
        marks: [
          ...series.map((s, i) =>
            Plot.areaY(s.finite, {
              x: '0',
              y: '1',
              fill: s.style.colour,
              fillOpacity: 0.13,
              ...ofSeries(i),
            }),
          ),
          ...series.map((s, i) => Plot.line(s.finite, stroke(i))),
        ],
      },
    ],
    {
      x,
      y: { domain: [0, top > 0 ? top * 1.06 : 1], label: figure.residualLabel },
      columns: 1,
      frame,
    },
  )
  const gathered = facetGrid(
    [
      {
        title: 'share of the certificate up to that time',
        marks: series.map((s, i) => Plot.line(cumulativeShare(s.finite), stroke(i))),
      },
    ],
    {
      x,
      y: {
        domain: [0, 1],
        label: 'share',
        ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
        tickFormat: (share) => `${Math.round(100 * share)} %`,
      },
      columns: 1,
      frame,
    },
  )
  const key = legend(
    series.map((s, i) => ({ label: s.label, style: s.style, kind: 'plain' as const, series: i })),
  )
  return makeFigure({
    name: figure.name ?? 'certificate-by-time',
    title: figure.title,
    caption:
      'How much each network breaks the transport equation at each time (left): the area under a curve is its ' +
      'certificate, a bound on its error at T, and the share gathered so far (right) shows at which times it arises.',
    series: networks.map(({ label }) => ({ label })),
    body: stack([key, beside([integrand, gathered], 8)], 6),
  })
}

/** Integral from the first time by the trapezoidal rule, over the whole integral. */
export function cumulativeShare(points: readonly (readonly [number, number])[]): [number, number][] {
  let sum = 0
  const sums = points.map(([time, value], i): [number, number] => {
    const before = points[i - 1]
    if (before) sum += ((value + before[1]) / 2) * (time - before[0])
    return [time, sum]
  })
  return sums.map(([time, part]) => [time, sum > 0 ? part / sum : 0])
}
