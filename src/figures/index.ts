import { certificateByTime } from './certificate-by-time.ts'
import { convergence } from './convergence.ts'
import { dataAndSamples } from './data-and-samples.ts'
import { errorAgainstWork } from './error-against-work.ts'
import { errorMaps } from './error-maps.ts'
import { heatMap } from './heat-map.ts'
import { imageGrid } from './image-grid.ts'
import { linePanels } from './line-panels.ts'
import { mapCurves } from './map-curves.ts'
import { trainingCurve } from './training-curve.ts'
import { trajectories } from './trajectories.ts'

export type { CertificateByTime } from './certificate-by-time.ts'
export type { Convergence } from './convergence.ts'
export type { DataAndSamples, SampleSet } from './data-and-samples.ts'
export type { ErrorAgainstWork } from './error-against-work.ts'
export type { ErrorGrid, ErrorMaps, ErrorPoints } from './error-maps.ts'
export type { Figure } from './figure.ts'
export { figurePng } from './figure.ts'
export type { HeatMap } from './heat-map.ts'
export type { ImageGrid, ImageRow } from './image-grid.ts'
export type { LinePanel, LinePanels, LineSeries } from './line-panels.ts'
export type { MapCurves } from './map-curves.ts'
export type { ErrorCurve, TrainingCurve } from './training-curve.ts'
export type { Trajectories } from './trajectories.ts'

/** All figures: pure functions of plain numbers. The same input gives the same SVG, byte for byte. */
export const figures = {
  dataAndSamples,
  trajectories,
  errorMaps,
  mapCurves,
  errorAgainstWork,
  certificateByTime,
  trainingCurve,
  linePanels,
  imageGrid,
  convergence,
  heatMap,
} as const
