import type { Random } from '../../src/random/random.ts'

/** So many of the rows in their order, every choice equally likely; all of them where there are no more. */
export function drawRows<T>(rows: readonly T[], count: number, random: Random): T[] {
  let wanted = Math.min(count, rows.length)
  return rows.filter((_, i) => {
    // one row after the other: chosen as often as there are places left among those that are left
    const taken = random.uniform() * (rows.length - i) < wanted
    if (taken) wanted--
    return taken
  })
}
