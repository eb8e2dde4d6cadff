// A job's ticket is one word, so that a thread that slept through the end of a job cannot take a part of the next with the old
// job's arguments: the number of the job, how many parts it has, and the next part to be taken.

/** Opens a job. */
export function open(ticket: usize, job: i32, parts: i32): void {
  atomic.store<i64>(ticket, ((<i64>job) << 32) | ((<i64>parts) << 16))
}

/** Takes the next part of a job, or returns −1 where none is left or another job is on. */
export function claim(ticket: usize, job: i32): i32 {
  let seen = atomic.load<i64>(ticket)
  while (true) {
    const next = <i32>(seen & 0xffff)
    if (<i32>(seen >> 32) !== job || next >= <i32>((seen >> 16) & 0xffff)) return -1
    const before = atomic.cmpxchg<i64>(ticket, seen, seen + 1)
    if (before === seen) return next
    seen = before
  }
}
