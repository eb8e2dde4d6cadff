import { InputError } from '../../../src/errors.ts'
import { BadInput } from '../../../src/io/bad-input.ts'
import type { CheckPair } from '../../../src/nn/foreign/description.ts'
import type { DescribedMap } from './described-map.ts'

/** Two roundings of single precision. */
const ROUNDING = 2 ** -23

/**
 * Compares f with the values that its description holds: the order of inputs, the layout of weights, activations and the output
 * convention are all in doubt until then.
 *
 * @param scale the data scale c, which the tolerance is relative to
 * @param file the description
 * @throws InputError for the first point where f is another
 */
export function checkPair(
  map: DescribedMap,
  { t, u, x, f, tolerance }: CheckPair,
  { dimension, scale, file }: { dimension: number; scale: number; file: string },
): void {
  if (u && (u.length !== t.length || !map.twoTimes))
    throw new InputError('network.check.u', u, 'a second time for each t, of a map of two times')
  if (x.length !== t.length || f.length !== t.length)
    throw new InputError('network.check', [t.length, x.length, f.length], 'as many times, points and values')
  for (const [name, rows] of [
    ['x', x],
    ['f', f],
  ] as const)
    rows.forEach((row, i) => {
      if (row.length !== dimension)
        throw new InputError(`network.check.${name}[${i}]`, row, `${dimension} numbers`)
    })
  // values far from the origin have no more digits than single precision leaves them
  const largest = f.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const allowed = tolerance * scale + ROUNDING * largest
  t.forEach((time, i) => {
    const value = map.evaluate(time, Float64Array.from(x[i]), u?.[i])
    if (f[i].every((expected, j) => Math.abs(value[j] - expected) <= allowed)) return
    throw new BadInput(
      file,
      `gives f = [${Array.from(value, (v) => v.toPrecision(6)).join(', ')}] at check point ${i + 1}`,
      `[${f[i].map((v) => v.toPrecision(6)).join(', ')}]: the order of the inputs, the layout, an activation, the output convention or the precision differs`,
    )
  })
}
