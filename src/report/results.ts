/** How one method did: a row of results.json. null where a number does not exist for the method. */
export interface MethodResult {
  /** Starts with the family: characteristics, grid:weno5, pinn, sampler:heun-18, gaussian */
  readonly method: string
  /** Every option of the method. */
  readonly options: Readonly<Record<string, unknown>>
  /** √(E|f̂−f|² / E|f−Ef|²) over p_T; null for a method that aims at the distribution only */
  readonly relativeError: number | null
  readonly standardError: number | null
  /** relativeError without the 0.1 % of points that contribute most */
  readonly trimmedError: number | null
  /** Median, 99 % quantile and maximum of |f̂−f| / √(E|f−Ef|²) */
  readonly medianError: number | null
  readonly error99: number | null
  readonly maximumError: number | null
  readonly effectiveSampleSize: number | null
  /** Share of the squared error that the worst 0.1 % of the sample holds */
  readonly worstShare: number | null
  /** The probability of places where p_data/q < ½, between and around the modes, and the share of the squared error there */
  readonly betweenModes: { readonly probability: number; readonly errorShare: number } | null
  /** Wasserstein-2 distance (sliced in more than one dimension) between one-step samples and the data, in units of the data */
  readonly wasserstein2: number | null
  readonly functionEvaluations: number | null
  readonly seconds: number | null
  /** The estimated bound of docs/mathematics.md §5 on relativeError, with its 95 % interval; networks only */
  readonly certificate: number | null
  readonly certificateInterval: readonly [number, number] | null
  /** Why the certificate is no bound, in a clause; null where it is one, or where there is none */
  readonly certificateReason: string | null
  /** What f̂ changes by along the trajectories, added up over times: between relativeError and the certificate (docs/mathematics.md §5.7) */
  readonly incrementBound: number | null
  /** What the method says of itself, such as whether a grid resolves the layers of f */
  readonly diagnostics: unknown
  /** Whether the error is below that of the Gaussian map; null for the Gaussian map itself and where it has no error */
  readonly beatsBaseline: boolean | null
  readonly target: 'map' | 'distribution'
  /** Of a trained method: every seed it was trained with; the row is the one with the median error. Else null. */
  readonly seeds: readonly SeedResult[] | null
  /** The seed of the row; null where the method is not trained */
  readonly seed: number | null
}

/** One seed of a trained method. */
export interface SeedResult {
  readonly seed: number
  readonly relativeError: number
  readonly standardError: number
  readonly medianError: number
  readonly maximumError: number
  readonly wasserstein2: number | null
  readonly certificate: number | null
  readonly certificateInterval: readonly [number, number] | null
  readonly certificateReason: string | null
  readonly incrementBound: number | null
  readonly seconds: number
}

/** What `compare` writes to results.json. */
export interface CompareResults {
  /** A name, or the problem file */
  readonly problem: unknown
  readonly time: number
  readonly seed: number
  readonly version: string
  /** What the truth is: method, options, its own error */
  readonly reference: Readonly<Record<string, unknown>>
  readonly methods: readonly MethodResult[]
}
