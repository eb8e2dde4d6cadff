import type { CompareResults, MethodResult } from '../../src/report/index.ts'

const nothing: MethodResult = {
  method: '',
  relativeError: null,
  standardError: null,
  options: {},
  trimmedError: null,
  medianError: null,
  error99: null,
  betweenModes: null,
  certificateInterval: null,
  certificateReason: null,
  incrementBound: null,
  diagnostics: null,
  maximumError: null,
  effectiveSampleSize: 9000,
  worstShare: 0.15,
  wasserstein2: 0.0112,
  functionEvaluations: null,
  seconds: 0.1,
  certificate: null,
  beatsBaseline: null,
  target: 'map',
  seeds: null,
  seed: null,
}

function row(method: string, error: number | null, rest: Partial<MethodResult> = {}): MethodResult {
  if (error === null) return { ...nothing, method, target: 'distribution', ...rest }
  const errors = {
    relativeError: error,
    standardError: error * 0.03,
    medianError: error / 8,
    maximumError: error * 40,
  }
  return { ...nothing, method, ...errors, beatsBaseline: error < 0.27, ...rest }
}

export function results(extra: readonly MethodResult[] = []): CompareResults {
  return {
    problem: { process: { kind: 've' }, data: { kind: 'empirical', file: 'penguins.csv' } },
    time: 80,
    seed: 7,
    version: '0.1.0',
    reference: { method: 'characteristics', rtol: 1e-12 },
    methods: [
      row('characteristics', 3.2e-11, {
        functionEvaluations: 6_258_688,
        seconds: 0.212,
        wasserstein2: 0.0108,
      }),
      row('grid:forward-map', 3.1e-7, { functionEvaluations: 49_152, seconds: 0.026 }),
      row('grid:weno5', 0.022, { functionEvaluations: 2_097_152, seconds: 13.9, wasserstein2: 0.0162 }),
      row('pinn', 5.05e-4, { certificate: 8.54e-4, functionEvaluations: 12_800_000, seconds: 123.4 }),
      row('cd', 5.2e-3, { certificate: 8.9e-3, functionEvaluations: 25_600_000, seconds: 98.1 }),
      row('ct', 0.31, { certificate: 1.24, functionEvaluations: 0, seconds: 88, wasserstein2: 0.31 }),
      row('sampler:heun-18', null, { functionEvaluations: 573_440, wasserstein2: 0.0131 }),
      row('gaussian', 0.27, {
        functionEvaluations: 0,
        seconds: 0.0004,
        wasserstein2: 0.26,
        beatsBaseline: null,
      }),
      ...extra,
    ],
  }
}

export { row }
