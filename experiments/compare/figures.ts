import type { MonitorCurve } from '../../solvers/neural/index.ts'
import { type ErrorCurve, type Figure, figures } from '../../src/figures/index.ts'
import { formatNumber } from '../../src/report/format.ts'
import { pathsFigure, residualFigure } from '../../src/studies/figures.ts'
import { curvesOnLine, dataAxes, errorMapsFigure } from './error-maps.ts'
import type { Comparison } from './index.ts'
import type { SeedRun } from './results.ts'

/** The figures of a comparison, those that its dimension allows. */
export function comparisonFigures(comparison: Comparison): Figure[] {
  return [
    ...samplesFigure(comparison),
    pathsFigure(comparison.problem, comparison.paths, dataAxes(comparison)),
    ...curvesOnLine(comparison),
    ...errorMapsFigure(comparison),
    workFigure(comparison),
    ...certificateFigure(comparison),
    curvesFigure(comparison),
  ]
}

export function samplesFigure(
  comparison: Pick<Comparison, 'fresh' | 'measured' | 'problem' | 'data'>,
): Figure[] {
  const { fresh, measured, problem } = comparison
  if (!fresh) return []
  const { dimension } = problem
  return [
    figures.dataAndSamples({
      title: 'One-step samples f(T, X_T) of each method',
      data: { label: 'data', values: fresh, dimension },
      methods: measured.map(({ method, images, statistics, wasserstein2, target }) => ({
        label: method,
        note: [
          target === 'map' ? `relative error ${formatNumber(statistics.relativeError, 2)}` : '',
          wasserstein2 === null ? '' : `W₂ ${formatNumber(wasserstein2, 2)}`,
        ]
          .filter((part) => part !== '')
          .join(', '),
        values: images,
        dimension,
      })),
      axes: dataAxes(comparison),
    }),
  ]
}

function workFigure({ ladders, measured, networks, ladderPoints }: Comparison): Figure {
  const baseline = measured.find(({ method }) => method === 'gaussian')
  return figures.errorAgainstWork({
    title: 'Error against work',
    workLabel: `score evaluations: for ${ladderPoints.toLocaleString('en')} points with construction; of networks for training`,
    errorLabel: 'relative error',
    lines: ladders.map(({ label, family, points }) => ({
      label,
      methods: measured.map(({ method }) => method).filter((method) => method.startsWith(family)),
      work: points.map(({ work }) => work),
      error: points.map(({ error }) => error),
    })),
    // consistency training evaluates no score
    without: networks
      .filter(({ median }) => evaluations(median) === 0)
      .map(({ loss, median }) => ({
        label: `${loss} (training evaluates no score)`,
        methods: [loss],
        error: median.measured.statistics.relativeError,
      })),
    dots: networks
      .filter(({ median }) => evaluations(median) > 0)
      .map(({ loss, runs, median }) => ({
        label: `${loss} (training${runs.length > 1 ? `, ${runs.length} seeds` : ''})`,
        methods: [loss],
        work: evaluations(median),
        error: runs.map((run) => run.measured.statistics.relativeError),
      })),
    ...(baseline && {
      baseline: { label: 'Gaussian map', methods: ['gaussian'], error: baseline.statistics.relativeError },
    }),
  })
}

export function certificateFigure({ measured }: Pick<Comparison, 'measured'>): Figure[] {
  const networks = measured.flatMap(({ method, certificate }) =>
    certificate ? [{ label: method, certificate }] : [],
  )
  return networks.length === 0 ? [] : [residualFigure(networks)]
}

function evaluations({ trained }: SeedRun): number {
  return trained.model.description.training.evaluations
}

function curvesFigure({ networks }: Comparison): Figure {
  return figures.trainingCurve({
    title: 'Training: loss, true error, and residual by time',
    errorLabel: 'relative error at T',
    timeLabel: 'θ = arctan(t/c) (rad)',
    residualLabel: 'relative residual of the transport equation per radian',
    networks: networks.map(({ loss, runs, median }) => {
      const { curve, monitor } = median.trained
      return {
        label: loss,
        step: curve.map(({ step }) => step),
        loss: curve.map((point) => point.loss),
        ...(monitor && {
          error: errorCurve(monitor),
          otherSeeds: runs
            .filter((run) => run !== median)
            .flatMap((run) => (run.trained.monitor ? [errorCurve(run.trained.monitor)] : [])),
          residual: {
            step: monitor.points.map(({ step }) => step),
            time: monitor.angles,
            residual: monitor.points.map(({ residual }) => residual),
          },
        }),
      }
    }),
  })
}

function errorCurve({ points }: MonitorCurve): ErrorCurve {
  return { step: points.map(({ step }) => step), value: points.map(({ error }) => error) }
}
