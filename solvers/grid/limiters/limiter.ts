/**
 * A limited difference: between 0 and twice the smaller of the two where they have the same sign, 0 (or, without a
 * limit, `ahead`) where they do not.
 *
 * @param behind the difference on the side the flow comes from
 * @param ahead the difference across the interval itself
 */
export type Limiter = (behind: number, ahead: number) => number
