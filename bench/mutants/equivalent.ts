/** A change that no test can see, and why. */
export interface Equivalent {
  readonly file: string
  /** The line as it is, without indentation. */
  readonly line: string
  /** What is put in; without it any change of the line. */
  readonly replacement?: string
  readonly why: string
}

/** Mutants that have been looked at and do not change what the program does. */
export const equivalent: readonly Equivalent[] = [
  {
    file: 'solvers/fixed-points/ct.ts',
    line: 'for (let n = 0; n + 1 < times.intervals; n++) {',
    replacement: '-',
    why: 'two more levels are computed, which nothing reads',
  },
]
