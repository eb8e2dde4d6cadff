/** How much work `metric` does. Quick is the same code with smaller numbers. */
export interface MetricSettings {
  /** The dimensions of the biases by quadrature. */
  readonly dimensions: readonly number[]
  /** The dimensions in which networks are trained. */
  readonly trained: readonly number[]
  readonly seeds: number
  readonly training: { readonly steps: number; readonly batch: number; readonly intervals: number }
  /** Samples of the mass of the minor mode. */
  readonly samples: number
}

export const full: MetricSettings = {
  dimensions: [1, 2, 8, 32, 128, 512, 2048],
  trained: [1, 2, 8, 32],
  seeds: 2,
  training: { steps: 3000, batch: 512, intervals: 64 },
  samples: 20_000,
}

export const quick: MetricSettings = {
  dimensions: [1, 2, 8, 32],
  trained: [1, 2],
  seeds: 1,
  training: { steps: 400, batch: 256, intervals: 32 },
  samples: 4000,
}
