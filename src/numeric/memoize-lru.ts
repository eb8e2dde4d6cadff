/** A function of a number that keeps the values asked for last, so many of them: they are shared, and must not be changed. */
export function memoizeLru<T>(make: (key: number) => T, most: number): (key: number) => T {
  const kept = new Map<number, T>()
  return (key) => {
    const value = kept.get(key) ?? make(key)
    // a Map is in order of insertion: the first is the one not asked for the longest
    kept.delete(key)
    kept.set(key, value)
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    return value
  }
}
