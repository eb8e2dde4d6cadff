let last = [Number.NaN, Number.NaN]

/**
 * Whether an event comes from the page alone: one that scrolls, as it does for the keyboard, moves under a pointer at rest, which
 * means nothing by that.
 */
export function pointerAtRest({ type, clientX, clientY }: PointerEvent): boolean {
  const rests = last[0] === clientX && last[1] === clientY
  // leaving one element comes before the move in the next
  if (type === 'pointermove') last = [clientX, clientY]
  return rests
}
