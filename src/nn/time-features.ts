/** Number of features of one time. */
export const TIME_FEATURES = 7

/** Number of time features among the inputs of a network: those of one time or of two. */
export function timeFeatures({ times }: { readonly times?: 2 }): number {
  return (times ?? 1) * TIME_FEATURES
}

const FREQUENCIES = [1, 3, 9]

/**
 * The features sinθ, cosθ, sin 2θ, cos 2θ, atan2(a sinθ, cosθ), a = 1, 3, 9, of the angle θ = arctan(t/c)
 * (docs/mathematics.md §7), in float64 until they are stored.
 *
 * @param sine sinθ
 * @param cosine cosθ
 * @param out written from `offset` on, TIME_FEATURES values
 */
export function writeTimeFeatures(
  sine: number,
  cosine: number,
  out: Float32Array | Float64Array,
  offset: number,
): void {
  out[offset] = sine
  out[offset + 1] = cosine
  out[offset + 2] = 2 * sine * cosine
  out[offset + 3] = (cosine - sine) * (cosine + sine)
  for (let k = 0; k < FREQUENCIES.length; k++) out[offset + 4 + k] = Math.atan2(FREQUENCIES[k] * sine, cosine)
}

/** The derivatives of the features by θ; parameters as in `writeTimeFeatures`. */
export function writeTimeFeatureRates(sine: number, cosine: number, out: Float32Array, offset: number): void {
  out[offset] = cosine
  out[offset + 1] = -sine
  out[offset + 2] = 2 * (cosine - sine) * (cosine + sine)
  out[offset + 3] = -4 * sine * cosine
  for (let k = 0; k < FREQUENCIES.length; k++) {
    const a = FREQUENCIES[k]
    out[offset + 4 + k] = a / (cosine * cosine + a * a * sine * sine)
  }
}
