import { linearTicks } from '../../src/figures/ticks.ts'

const ANGLE_TIMES = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]
/** Pixels between ticks. */
const GAP = 34

/** Round times for the axis, those of 0, 0.1, 0.2, 0.5, … where it is even in θ, that keep their distance; T comes first. */
export function timeTicks(inAngle: boolean, lastTime: number, toLeft: (t: number) => number): number[] {
  const times = inAngle ? ANGLE_TIMES : linearTicks(0, lastTime).map(([t]) => Number(t.toPrecision(12)))
  const ticks = [lastTime]
  for (const t of times)
    if (t < lastTime && ticks.every((other) => Math.abs(toLeft(other) - toLeft(t)) >= GAP)) ticks.push(t)
  return ticks.sort((a, b) => a - b)
}

export function numberText(value: number): string {
  if (value === 0) return '0'
  if (value === Infinity) return '∞'
  if (!Number.isFinite(value)) return '–'
  return Math.abs(value) < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)))
}
