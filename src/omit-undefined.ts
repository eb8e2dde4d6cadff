type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The entries that are not undefined, so that a function's own defaults hold for the others. */
export function omitUndefined<T extends object>(options: T): Defined<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Defined<T>
}
