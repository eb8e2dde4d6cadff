/** Makes values by a number (an angle) and keeps those asked for last. */
export function recent<T>(make: (key: number) => T, keep: number): (key: number) => T {
  const kept = new Map<number, T>()
  return (key) => {
    const known = kept.get(key)
    const value = known ?? make(key)
    // a Map is in order of insertion: the first is the one not asked for the longest
    kept.delete(key)
    kept.set(key, value)
    const [oldest] = kept.keys()
    if (kept.size > keep && oldest !== undefined) kept.delete(oldest)
    return value
  }
}
