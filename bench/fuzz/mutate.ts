import type { Random } from '../../src/random/random.ts'

// How a valid file is spoiled: blindly, and knowing what a parser may trip over.

export const NUMBERS = [
  ...['1e308', '-1e308', '1e999', '1e-320', '-0', '0', '-1', '0.5', 'NaN', 'Infinity', 'null', 'true', '""'],
  ...['9007199254740993', '4294967296', '2147483648', '99999999999999999999999', '[]', '{}', '"1"', '1e5'],
]
export const TEXTS = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '../../etc/passwd', '/dev/zero'],
  ...['', '\u0000', '<script>alert(1)</script>', 'a'.repeat(3000), '\ud800', '$x', 'NaN', 'x'.repeat(70)],
]
const SIZES = [0xff, 0x7f, 0x80, 0x00, 0x01, 0x10]

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array

/** One of the list. */
export const pick = <T>(random: Random, list: readonly T[]): T => list[random.integer(list.length)]

function splice(bytes: Uint8Array, from: number, to: number, more: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length - (to - from) + more.length)
  out.set(bytes.subarray(0, from))
  out.set(more, from)
  out.set(bytes.subarray(to), from + more.length)
  return out
}

/** Replaces one match of a pattern in the bytes, taken as Latin-1 so that nothing else changes. */
function replaceOne(bytes: Uint8Array, random: Random, pattern: RegExp, by: string): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  const found = Array.from(text.matchAll(pattern))
  if (found.length === 0) return bytes
  const { index, 0: old } = pick(random, found)
  return splice(bytes, index, index + old.length, new TextEncoder().encode(by))
}

const mutations: readonly Mutation[] = [
  // a bit
  (bytes, random) => {
    const out = bytes.slice()
    if (out.length > 0) out[random.integer(out.length)] ^= 1 << random.integer(8)
    return out
  },
  // the end
  (bytes, random) => bytes.slice(0, random.integer(bytes.length + 1)),
  // a piece taken out, or put in twice
  (bytes, random) => {
    const [a, b] = [random.integer(bytes.length + 1), random.integer(bytes.length + 1)].sort((x, y) => x - y)
    return random.uniform() < 0.5
      ? splice(bytes, a, b, new Uint8Array())
      : splice(bytes, b, b, bytes.slice(a, Math.min(b, a + 200)))
  },
  // bytes put in
  (bytes, random) => {
    const at = random.integer(bytes.length + 1)
    return splice(
      bytes,
      at,
      at,
      Uint8Array.from({ length: random.integer(12) }, () => random.integer(256)),
    )
  },
  // sizes: some bytes in a row, the first of the file more often
  (bytes, random) => {
    const out = bytes.slice()
    const at = random.uniform() < 0.5 ? random.integer(Math.min(16, out.length)) : random.integer(out.length)
    const value = pick(random, SIZES)
    for (let i = 0; i < 8 && at + i < out.length; i++) out[at + i] = value
    return out
  },
  // numbers and texts
  (bytes, random) => replaceOne(bytes, random, /-?\d+(\.\d+)?(e[+-]?\d+)?/g, pick(random, NUMBERS)),
  (bytes, random) => replaceOne(bytes, random, /"[^"]*"/g, JSON.stringify(pick(random, TEXTS))),
  (bytes, random) => replaceOne(bytes, random, /[A-Za-z]\w*/g, pick(random, TEXTS)),
  // depth
  (bytes, random) => {
    const depth = 1 + random.integer(3000)
    const [open, close] = pick(random, [
      ['[', ']'],
      ['{"a":', '}'],
      ['(', ')'],
      ['-', ''],
      ['sin(', ')'],
    ])
    return replaceOne(
      bytes,
      random,
      /-?\d+(\.\d+)?|[tx]/g,
      `${open.repeat(depth)}1${random.uniform() < 0.8 ? close.repeat(depth) : ''}`,
    )
  },
]

/** A valid file with one to four changes. */
export function mutate(valid: Uint8Array, random: Random): Uint8Array {
  let bytes = valid
  const count = 1 + random.integer(4)
  for (let k = 0; k < count; k++) bytes = pick(random, mutations)(bytes, random)
  return bytes
}
