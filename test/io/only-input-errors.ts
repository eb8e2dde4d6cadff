import fc from 'fast-check'
import { InputError } from '../../src/errors.ts'

/** Runs a parser; an InputError of one sentence is fine, anything else that is thrown is not. */
export function parsesOrRefuses(parse: () => unknown): void {
  try {
    parse()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    if (!/^[^\n]+; expected [^\n]+\.$/.test(error.message)) throw new Error(`no sentence: ${error.message}`)
  }
}

/** Doubles with the awkward ones often among them; no NaN, no infinities. */
export const awkwardDouble = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(
    -0,
    0,
    5e-324,
    -2.2250738585072009e-308,
    1e308,
    -1.7976931348623157e308,
    0.1,
    1 / 3,
    2 ** 53 + 2,
    1e21,
  ),
)

/** Rows of n·d such doubles. */
export const awkwardRows = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }))
  .chain(([n, d]) =>
    fc.array(fc.array(awkwardDouble, { minLength: d, maxLength: d }), { minLength: n, maxLength: n }),
  )

/** Valid bytes with one change: a byte replaced, a piece cut out, the end cut off, or bytes put in. */
export function mutated(valid: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat(valid.length)
  return fc.oneof(
    fc.tuple(place, fc.nat(255)).map(([at, byte]) => valid.map((old, i) => (i === at ? byte : old))),
    place.map((end) => valid.slice(0, end)),
    fc.tuple(place, place).map(([a, b]) => splice(valid, Math.min(a, b), Math.max(a, b), new Uint8Array())),
    fc.tuple(place, fc.uint8Array({ maxLength: 20 })).map(([at, more]) => splice(valid, at, at, more)),
  )
}

function splice(bytes: Uint8Array, from: number, to: number, more: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, from), ...more, ...bytes.subarray(to)])
}
