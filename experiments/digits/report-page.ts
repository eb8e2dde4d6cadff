import { type Figure, figures } from '../../src/figures/index.ts'
import { formatNumber, formatWithError, nothing } from '../../src/report/format.ts'
import type { Report, ReportSection } from '../../src/report/index.ts'
import { EQUATIONS } from '../experiment.ts'
import { type DigitsRow, type DigitsStudy, TRUTH } from './index.ts'

const MEMORISES =
  'The flow of a kernel density ends near a training image: the exact map memorises, so a map that invents digits is wrong here. ' +
  'Measured is how far one step of each network is from the flow, not how good its digits look.'

/** Images from the same noise by every method, and where in time the networks break the transport equation. */
export function digitsFigures({ sets, side, certificates }: DigitsStudy): Figure[] {
  return [
    figures.imageGrid({
      name: 'digits',
      title: `One-step samples from the same noise, ${side} × ${side} pixels`,
      caption:
        'Each column starts from the same noise; large images are samples f(T, x), small ones below are the training images nearest to them. The first row is the solved flow, which every method should repeat.',
      width: side,
      height: side,
      rows: sets.flatMap(({ method, samples, nearest }) => [
        { label: method === TRUTH ? 'solved flow (truth)' : method, images: samples },
        { label: 'nearest training image', minor: true, images: nearest },
      ]),
    }),
    ...(certificates.length === 0
      ? []
      : [
          figures.certificateByTime({
            title: 'When each network breaks the transport equation',
            timeLabel: 'θ = arctan(t/c) (rad)',
            residualLabel: 'relative residual per radian',
            networks: certificates
              .filter(({ method }, i) => certificates.findIndex((one) => one.method === method) === i)
              .map(({ method, certificate: { byTime, estimate } }) => ({
                label: method,
                time: byTime.map(({ theta }) => theta),
                residual: byTime.map(({ density }) => density),
                certificate: estimate,
              })),
          }),
        ]),
  ]
}

/** Each network beside the Gaussian map. */
function foundSection({ results: { rows } }: DigitsStudy): ReportSection {
  const baseline = rows.find(({ method }) => method === 'gaussian')?.relativeError ?? null
  return {
    heading: 'What was found',
    paragraphs: [MEMORISES],
    table: {
      caption: `Networks at T; the Gaussian map has a relative error of ${formatNumber(baseline)}, and Gaussian / it below 1 does not beat it`,
      head: [
        'method',
        'steps',
        'relative error',
        'Gaussian / it',
        'certificate',
        'kernel widths to an image',
      ],
      rows: rows
        .filter(({ steps }) => steps > 0)
        .map(({ method, steps, relativeError, certificate, memorisation }) => [
          method,
          String(steps),
          formatNumber(relativeError),
          baseline === null || relativeError === null ? nothing : formatNumber(baseline / relativeError, 2),
          formatNumber(certificate),
          formatNumber(memorisation, 2),
        ]),
    },
  }
}

export function digitsReport(study: DigitsStudy, drawn: readonly Figure[]): Report {
  const { results } = study
  const cells = (row: DigitsRow) => [
    row.method,
    row.seed === null ? '–' : String(row.seed),
    row.steps === 0 ? '–' : String(row.steps),
    row.relativeError === null ? 'truth' : formatWithError(row.relativeError, row.standardError),
    formatNumber(row.medianError),
    row.certificateInterval
      ? `${formatNumber(row.certificate)} (${row.certificateInterval.map((end) => formatNumber(end)).join(' to ')})`
      : '–',
    formatNumber(row.memorisation),
    row.steps === 0 ? '–' : formatNumber(row.seconds),
  ]
  return {
    title: 'Consistency functions of handwritten digits',
    equation: EQUATIONS.consistency,
    data: results,
    meta: {
      Data: `${results.images} images, ${results.dimension}-D, kernel density of bandwidth ${results.bandwidth}`,
      'Time T': String(results.time),
      Seed: String(results.seed),
    },
    sections: [
      foundSection(study),
      {
        heading: 'Numbers',
        table: {
          caption: `At T on ${results.trajectories} trajectories, worth ${formatNumber(results.effectiveSampleSize)} plain ones`,
          head: [
            'method',
            'seed',
            'steps',
            'relative error',
            'median',
            'certificate',
            'distance to nearest image',
            'seconds',
          ],
          rows: results.rows.map(cells),
        },
        paragraphs: [
          'The distance of a sample to the nearest training image is in units of √d times the bandwidth: a draw from the data has 1.',
        ],
      },
      ...drawn.map((figure) => ({ heading: figure.title, figures: [figure] })),
    ],
  }
}
