import type { MathNode } from 'mathjs/number'
import { compileVector, type VectorFormula } from '../../../expression/closure.ts'
import { usedSymbols } from '../../../expression/expression.ts'
import type { Place, Unnormalised } from './support.ts'

// parts of a formula that are looked at, places from one of them, and places in all
const MOST_PARTS = 80
const MOST_PLACES = 64
const MOST = 1024
const BISECTIONS = 60
const GOLDEN = (Math.sqrt(5) - 1) / 2
const ROUNDS = 12
// halvings of the size of the box about a place
const FINEST = 50
// a place beside a peak shows its width where the density is between these parts of that at the peak
const SHOULDER = [1e-8, 1 - 1e-6]

/** A function of the coordinates. */
export type Field = (at: Place) => number

/**
 * Where a formula may have narrow peaks, corners or jumps: zeros and extrema of its parts. A peak such as exp(−((x − a)/s)²) is as narrow as s,
 * its parts x − a and −((x − a)/s)² are not, and are found by a coarse scan of the axes.
 */
export function peakPlaces(
  node: MathNode,
  symbols: readonly string[],
  axes: readonly Float64Array[],
  name: string,
): Place[] {
  const parts = partsOf(node, symbols, name)
  const onAxes = axes.map((axis, i) => {
    const own = parts.filter(({ used }) => used.size === 1 && used.has(symbols[i]))
    return unique(own.flatMap(({ field }) => onLine((x) => field(symbols.map(() => x)), axis)))
  })
  const [first, second] = onAxes
  if (!second) return first.slice(0, MOST).map((x) => [x])
  const found = parts
    .filter(({ used }) => used.size === 2)
    .flatMap(({ field }) => inPlane(field, axes as readonly [Float64Array, Float64Array]))
  const most = Math.floor(Math.sqrt(MOST))
  const crossings = first.slice(0, most).flatMap((x) => second.slice(0, most).map((y) => [x, y]))
  return [...found, ...crossings].slice(0, MOST)
}

/** The places and those beside them where the density has fallen some way from theirs: what shows how wide a peak is. */
export function withShoulders(q: Unnormalised, places: readonly Place[], size: number): Place[] {
  const value = (at: Place) => q(at[0], at[1] ?? 0)
  return places.flatMap((place) => {
    const top = value(place)
    if (!(top > 0)) return [place]
    const out = [place]
    const directions = place.length === 1 ? [[1]] : [[1, 0], [0, 1], [1, 1], [1, -1]] // biome-ignore format: four directions
    for (const direction of directions)
      for (const sign of [-1, 1])
        for (let k = 1; k <= FINEST; k++) {
          const beside = place.map((x, i) => x + sign * direction[i] * size * 2 ** -k)
          const part = value(beside) / top
          if (part > SHOULDER[0] && part < SHOULDER[1]) out.push(beside)
        }
    return out
  })
}

/** The parts of a formula that are not constant, as functions. */
export function fieldsOf(node: MathNode, symbols: readonly string[], name: string): Field[] {
  return partsOf(node, symbols, name).map(({ field }) => field)
}

/** The parts of a formula that are not constant, the largest first. */
function partsOf(node: MathNode, symbols: readonly string[], name: string) {
  const parts = new Map<string, { field: Field; used: ReadonlySet<string> }>()
  node.traverse((part) => {
    if (parts.size === MOST_PARTS || part.type === 'SymbolNode' || part.type === 'ParenthesisNode') return
    const used = new Set([...usedSymbols([part])].filter((symbol) => symbols.includes(symbol)))
    const text = used.size > 0 ? part.toString() : ''
    if (text === '' || parts.has(text)) return
    const formula: VectorFormula = compileVector(part, symbols, name)
    parts.set(text, { field: formula, used })
  })
  return [...parts.values()]
}

/** Zeros and extrema of a function between the points of an axis. */
function onLine(f: (x: number) => number, axis: Float64Array): number[] {
  const values = axis.map(f)
  const out: number[] = []
  for (let i = 0; i + 1 < axis.length && out.length < MOST_PLACES; i++) {
    const [a, b] = [values[i], values[i + 1]]
    if (a === 0 && b !== 0) out.push(axis[i])
    if (a * b < 0) out.push(zero(f, axis[i], axis[i + 1]))
    if (i === 0) continue
    const before = values[i - 1]
    if (a > before && a > b) out.push(largest(f, axis[i - 1], axis[i + 1]))
    if (a < before && a < b) out.push(largest((x) => -f(x), axis[i - 1], axis[i + 1]))
  }
  return out
}

/** Extrema of a function on a coarse grid, made exact along one axis after the other. */
function inPlane(field: Field, axes: readonly [Float64Array, Float64Array]): Place[] {
  const [first, second] = axes
  const n = second.length
  const values = Float64Array.from({ length: first.length * n }, (_, k) =>
    field([first[Math.floor(k / n)], second[k % n]]),
  )
  const out: Place[] = []
  for (let i = 1; i + 1 < first.length; i++)
    for (let j = 1; j + 1 < n && out.length < MOST_PLACES; j++)
      for (const sign of [1, -1]) {
        const own = sign * values[i * n + j]
        const around = [-n - 1, -n, -n + 1, -1, 1, n - 1, n, n + 1]
        if (!around.every((step) => own > sign * values[i * n + j + step])) continue
        const at = [first[i], second[j]]
        const [h, k] = [first[i + 1] - first[i - 1], second[j + 1] - second[j - 1]]
        for (let round = 0; round < ROUNDS; round++) {
          at[0] = largest((x) => sign * field([x, at[1]]), at[0] - h, at[0] + h)
          at[1] = largest((y) => sign * field([at[0], y]), at[1] - k, at[1] + k)
        }
        out.push(at)
      }
  return out
}

/** By bisection. */
export function zero(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to]
  const sign = Math.sign(f(low))
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2
    if (Math.sign(f(middle)) === sign) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The maximum, by golden section. */
function largest(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to]
  let [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)]
  let [fa, fb] = [f(a), f(b)]
  for (let i = 0; i < BISECTIONS; i++) {
    if (fa >= fb) {
      ;[high, b, fb] = [b, a, fa]
      a = high - GOLDEN * (high - low)
      fa = f(a)
    } else {
      ;[low, a, fa] = [a, b, fb]
      b = low + GOLDEN * (high - low)
      fb = f(b)
    }
  }
  return (low + high) / 2
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b)
}
