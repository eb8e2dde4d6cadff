/**
 * A limited difference: between 0 and twice the smaller of the two where they have the same sign, 0 (or, without a
 * limit, `ahead`) where they do not.
 *
 * @param behind the difference on the side the flow comes from
 * @param ahead the difference across the interval itself
 */
type Limiter = (behind: number, ahead: number) => number

/**
 * All limiters by name, φ(r)·ahead of LeVeque, Finite Volume Methods for Hyperbolic Problems (2002), §6.11, with
 * r = behind / ahead. A new one is a line in this table.
 */
export const limiters = {
  none: (_behind, ahead) => ahead,
  minmod: (behind, ahead) => (behind * ahead > 0 ? signed(ahead, least(behind, ahead)) : 0),
  mc: (behind, ahead) =>
    behind * ahead > 0 ? signed(ahead, Math.min(2 * least(behind, ahead), Math.abs(behind + ahead) / 2)) : 0,
  superbee: (behind, ahead) =>
    behind * ahead > 0
      ? signed(ahead, Math.min(2 * least(behind, ahead), Math.max(Math.abs(behind), Math.abs(ahead))))
      : 0,
  'van-leer': (behind, ahead) => (behind * ahead > 0 ? (2 * behind * ahead) / (behind + ahead) : 0),
} as const satisfies Record<string, Limiter>

export type LimiterName = keyof typeof limiters

const least = (a: number, b: number): number => Math.min(Math.abs(a), Math.abs(b))

const signed = (like: number, size: number): number => (like > 0 ? size : -size)
