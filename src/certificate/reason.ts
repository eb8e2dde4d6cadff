/** What decides whether an estimate can be taken for a bound. */
interface Grounds {
  readonly estimate: number
  readonly quadratureError: number
  readonly derivativeError: number | null
  readonly paretoK: number
  /** The largest k̂ that is trusted. */
  readonly largestShape: number
  /** ‖f‖ in units of errors, at least 1. */
  readonly size: number
  /** VE times between which f changes by a jump. */
  readonly jump: readonly [number, number] | null
  readonly byTime: { readonly length: number }
}

/** A bound may be off by this share of itself, */
const SHARE = 0.1
/** or by this share of the size of f. */
const LEAST = 1e-5

/** Why an estimate is no bound, in a clause that can follow "No bound: "; null where it is one. */
export function reasonAgainst(grounds: Grounds): string | null {
  const { estimate, quadratureError, derivativeError, paretoK, largestShape, size, jump, byTime } = grounds
  const allowed = SHARE * estimate + LEAST * size
  if (!(quadratureError <= allowed)) {
    const off = `differs by ${quadratureError.toPrecision(2)} from what it changes by along the trajectories`
    return jump
      ? `the map jumps near t = ${Number(((jump[0] + jump[1]) / 2).toPrecision(4))} of the VE process, where the integral of its residual ${off}`
      : `the residual changes too fast for ${byTime.length} times: its integral ${off}; try more --intervals`
  }
  if (derivativeError !== null && !(derivativeError <= allowed))
    return `the derivatives by differences do not settle, they may put it off by ${derivativeError.toPrecision(2)}; try tangents, or more --intervals`
  if (!(paretoK <= largestShape))
    return (
      `the residuals have so heavy a tail (Pareto k ${paretoK.toFixed(2)}, above ${largestShape.toFixed(2)}) that rare points may hold ` +
      'most of them; try more samples'
    )
  return null
}
