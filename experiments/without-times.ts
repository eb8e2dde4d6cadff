/**
 * The same value without measured times: without the entries whose name has "seconds" in it. What is left of a results.json
 * is fixed by the seed.
 */
export function withoutTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTimes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !/seconds/i.test(name))
      .map(([name, entry]) => [name, withoutTimes(entry)]),
  )
}
