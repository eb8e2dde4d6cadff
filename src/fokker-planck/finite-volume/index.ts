import { ComputationError } from '../../errors.ts'
import { gaussLegendre } from '../../numeric/gauss-quadrature.ts'
import type { Density } from '../../problem/density.ts'
import type { Law } from '../../problem/law.ts'
import type { NonlinearDrift, Process } from '../../problem/process.ts'
import { densityBox } from '../density-grid.ts'
import { type LineDistribution, type LineLaw, lineDistribution } from './distribution.ts'

// times at which a drift that depends on t is looked at for jumps, corners and narrow parts
const LOOKS = 8
const { nodes, weights } = gaussLegendre(6)

/** The distribution functions of p_t on the line by finite volumes; the last one is kept. */
export function finiteVolumes(
  process: Process & { readonly nonlinear: NonlinearDrift },
  density: Density,
): (t: number, accuracy: number) => LineDistribution | null {
  let last: {
    readonly t: number
    readonly accuracy: number
    readonly found: LineDistribution | null
  } | null = null
  return (t, accuracy) => {
    if (last?.t === t && (last.accuracy <= accuracy || (last.found && last.found.error <= accuracy)))
      return last.found
    const law = lawOnLine(process, density, t)
    last = { t, accuracy, found: law && attempted(law, accuracy) }
    return last.found
  }
}

function attempted(law: LineLaw, accuracy: number): LineDistribution | null {
  try {
    return lineDistribution(law, accuracy)
  } catch (error) {
    if (error instanceof ComputationError) return null
    throw error
  }
}

function lawOnLine(
  process: Process & { readonly nonlinear: NonlinearDrift },
  density: Density,
  end: number,
): LineLaw | null {
  const { line } = process.nonlinear
  const { logDensity } = density
  if (!line || !logDensity || density.atomic || density.dimension > 1) return null
  const { ends, width } = densityBox(process, density, end)
  const [low, high] = ends[0]
  const times = line.timed ? Array.from({ length: LOOKS + 1 }, (_, k) => (k * end) / LOOKS) : [0]
  const places = new Set<number>()
  for (const t of times) {
    const found = line.places(t, low, high)
    if (!found) return null
    for (const place of found) places.add(place)
  }
  return {
    process: { drift: process.drift, diffusion: process.diffusion, timed: line.timed },
    logDensity: (x, out) => logDensity(0, x, out),
    box: [low, high],
    width,
    places: [...places].sort((a, b) => a - b),
    stops: [0, ...(process.breaks?.(end) ?? []), end],
  }
}

/** The largest difference of the distribution function of p_t by its logarithm from that by finite volumes, at the faces. */
export function largestDifference(
  logDensity: NonNullable<Law['logDensity']>,
  t: number,
  { faces, probability }: LineDistribution,
): number {
  const x = new Float64Array(nodes.length)
  const logs = new Float64Array(nodes.length)
  let [sum, most] = [0, 0]
  for (let i = 0; i < faces.length - 1; i++) {
    const half = (faces[i + 1] - faces[i]) / 2
    for (let q = 0; q < x.length; q++) x[q] = faces[i] + half * (1 + nodes[q])
    logDensity(t, x, logs)
    for (let q = 0; q < x.length; q++) sum += half * weights[q] * Math.exp(logs[q])
    most = Math.max(most, Math.abs(sum - probability(faces[i + 1], 0).value))
  }
  return most
}
