import { checkInteger } from '../errors.ts'
import type { Density } from '../problem/density.ts'
import type { CarriedSample } from './carried-sample.ts'
import { allocate } from './importance-sampling.ts'

/** What a sample cannot tell of, because no point of it may be there. */
export interface Unseen {
  /** The parts that p_data is known to consist of, how many there are, and how many of them are in no point of the sample, on average. */
  readonly parts: { readonly name: string; readonly count: number; readonly missed: number } | null
  /** 3/n: a region with less of what is drawn from is missed with a chance above 5 % (e⁻³). */
  readonly below: number
  /** The same in words. */
  readonly sentence: string
}

/** What n trajectories of a density cannot tell of (docs/mathematics.md §5.6). */
export function unseenBy(density: Density, count: number, kind: CarriedSample['kind']): Unseen {
  checkInteger('count', count, 1)
  const below = 3 / count
  const parts = partsOf(density, count)
  const regions = `a region with less than ${below.toPrecision(2)} of ${kind === 'plain' ? 'the data' : 'what is drawn'} (3 in ${count} points) may have none`
  return { parts, below, sentence: `${known(density.kind, parts)}; ${regions}.` }
}

function partsOf({ strata }: Density, count: number): Unseen['parts'] {
  if (!strata) return null
  const masses = strata.masses.filter((mass) => mass > 0)
  const shares = (strata.logDensity && allocate(strata)) || (strata.whole ? strata.masses : null)
  if (strata.whole && shares)
    return { name: strata.name, count: masses.length, missed: missedOf(shares, strata.masses, count) }
  // the parts of a product have their masses from draws of the whole, beside what they are raised by
  const drawn = strata.masses.map((mass, k) => (shares ? mass * (shares.at(-1) as number) + shares[k] : mass))
  return { name: strata.name, count: masses.length, missed: missedOf(drawn, strata.masses, count) }
}

function missedOf(shares: Float64Array, masses: Float64Array, count: number): number {
  const missed = masses.reduce((sum, mass, k) => sum + (mass > 0 ? Math.max(0, 1 - count * shares[k]) : 0), 0)
  // the sum of all is whole where rounding is all there is
  return Math.max(0, Math.ceil(missed - 1e-9))
}

function known(kind: string, parts: Unseen['parts']): string {
  if (!parts) return `Of rare parts of ${kind} data nothing is known`
  const { name, count, missed } = parts
  if (count === 1) return 'The data is of one part'
  if (missed > 0) return `Of the ${count} ${name} about ${missed} are in no point of the sample`
  return `All ${count} ${name} are in the sample`
}
