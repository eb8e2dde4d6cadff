/** Four numbers, or the first alone where a row ends. */
export function get(from: usize, whole: bool): v128 {
  return whole ? v128.load(from) : v128.load32_zero(from)
}

/** Writes four numbers, or the first alone. */
export function put(to: usize, value: v128, whole: bool): void {
  if (whole) v128.store(to, value)
  else v128.store32_lane(to, value, 0)
}
