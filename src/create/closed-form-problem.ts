import { closedFormDensity } from '../problem/densities/closed-form.ts'
import type { Density } from '../problem/density.ts'
import type { Problem } from '../problem/problem.ts'
import type { Process } from '../problem/process.ts'
import { closedFormProcess } from '../problem/processes/closed-form.ts'
import { remembered } from '../problem/record.ts'
import { dataAbout, type RecordedData } from '../specification/data.ts'
import type { ProblemRecord } from '../specification/problem.ts'

/** The problem of a specification whose process and data are known in closed form, else null. The parser of formulas is half of the time that others take to read. */
export function closedFormProblem(specification: ProblemRecord): Problem | null {
  const { data } = specification
  const process = closedFormProcess(specification.process)
  const density = process && closedFormDensity(data)
  if (!density) return null
  const { dimension } = density
  const about = (centre: Float64Array) => dataAbout(data, centre)
  // data that are shifted are of the same kind
  const shifted = aboutOrigin(process, density, about, (moved) => closedFormDensity(moved) as Density)
  return remembered({ specification, ...shifted, dimension })
}

/** Data whose mean is further from the origin than this many times its scale c is shifted to the origin. */
const FAR = 1e5

/**
 * A process and its data about the mean of these, where that is so far from the origin that differences of coordinates would lose digits: a point at 1e8 has
 * only eight digits behind the point, and x − μ keeps all of them if it is taken first. As they are where the data is near enough, or known by a score alone.
 *
 * @param shifted the same data about a centre, null where they cannot be shifted
 */
export function aboutOrigin(
  process: Process,
  density: Density,
  shifted: (centre: Float64Array) => RecordedData | null,
  create: (data: RecordedData, process: Process) => Density,
): { readonly process: Process; readonly density: Density } {
  const { mean: centre, scale } = density.moments
  const far = scale > 0 && !centre.every((value) => Math.abs(value) <= FAR * scale)
  const data = far && !process.nonlinear ? shifted(centre) : null
  if (data === null) return { process, density }
  const centred = { ...process, centre }
  return { process: centred, density: create(data, centred) }
}
