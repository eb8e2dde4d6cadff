import { aboutOrigin, dataAbout } from '../problem/centred.ts'
import { closedFormDensity } from '../problem/densities/closed-form.ts'
import type { Density } from '../problem/density.ts'
import type { Problem } from '../problem/problem.ts'
import { closedFormProcess } from '../problem/processes/closed-form.ts'
import { remembered } from '../problem/record.ts'
import type { ProblemRecord } from '../specification.ts'

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
