import { type Figure, figures } from '../../src/figures/index.ts'
import { formatNumber, formatWithError, nothing } from '../../src/report/format.ts'
import type { Report, ReportSection } from '../../src/report/index.ts'
import { EQUATIONS } from '../experiment.ts'
import { type DigitsRow, type DigitsStudy, TRUTH } from './index.ts'

const MEASURED =
  'Measured is how far one step of each network is from the flow, not how good its digits look.'

/** Images from the same noise by every method, and where in time the networks break the transport equation. */
export function digitsFigures({ sets, worst, side, certificates }: DigitsStudy): Figure[] {
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
    ...(worst.length === 0
      ? []
      : [
          figures.imageGrid({
            name: 'digits-worst',
            title: 'Where each network is most wrong',
            caption:
              'For each network the test trajectories with its largest errors, the worst at the left: large what it makes of the noise, small below what the flow makes of it.',
            width: side,
            height: side,
            rows: worst.flatMap(({ method, estimates, truth }) => [
              { label: method, images: estimates },
              { label: 'truth', minor: true, images: truth },
            ]),
          }),
        ]),
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
function foundSection({ truth, results: { rows } }: DigitsStudy): ReportSection {
  const baseline = rows.find(({ method }) => method === 'gaussian')?.relativeError ?? null
  return {
    heading: 'What was found',
    paragraphs: [`${truth} ${MEASURED}`],
    table: {
      caption: `Networks at T; the Gaussian map has a relative error of ${formatNumber(baseline)}, and Gaussian / it below 1 does not beat it`,
      head: ['method', 'steps', 'relative error', 'Gaussian / it', 'certificate', 'distance to an image'],
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
      Data: `${results.images} images, ${results.dimension}-D, ${results.law}`,
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
          'The distance of a sample to the nearest training image is relative to that of draws from the data.',
        ],
      },
      ...drawn.map((figure) => ({ heading: figure.title, figures: [figure] })),
    ],
  }
}
