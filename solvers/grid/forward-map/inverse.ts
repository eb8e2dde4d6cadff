/**
 * Writes the z with spline(z) = y into out, d values at `start` of both. Returns false, and leaves out as it is, when it is
 * not found.
 */
export type Inverse = (y: Float64Array, start: number, out: Float64Array) => boolean
