const TIMES = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]

/** Times for an axis in θ: those of 0, 0.1, 0.2, 0.5, … that are at least `gap` pixels apart; T comes first. */
export function timeTicks(lastTime: number, toLeft: (t: number) => number, gap: number): number[] {
  const ticks = [lastTime]
  for (const t of TIMES)
    if (t < lastTime && ticks.every((other) => Math.abs(toLeft(other) - toLeft(t)) >= gap)) ticks.push(t)
  return ticks.sort((a, b) => a - b)
}

export function numberText(value: number): string {
  if (value === 0) return '0'
  if (!Number.isFinite(value)) return '–'
  return Math.abs(value) < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)))
}
