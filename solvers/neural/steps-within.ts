// steps of the first trial, how much longer each next one is, and the share of the time that the last of them takes at least; the
// first two differ by ten steps, after as many of which SOAP turns its basis
const FIRST = 5
const GROWTH = 3
const SHARE = 0.015

/**
 * The number of steps that a training takes in a time, by short trials of it that are thrown away: what a step costs here and now. A schedule
 * over steps is then one over time, and the training can be repeated by the number alone.
 *
 * @param seconds the trials included
 * @param trial a training of so many steps
 * @param now milliseconds
 */
export async function stepsWithin(
  seconds: number,
  trial: (steps: number) => Promise<unknown>,
  now: () => number = () => performance.now(),
): Promise<number> {
  const started = now()
  const since = (start: number) => (now() - start) / 1000
  // the first loads and compiles what it needs, and counts for nothing
  await trial(FIRST)
  let before = { steps: 0, taken: 0 }
  for (let steps = FIRST; ; steps *= GROWTH) {
    const start = now()
    await trial(steps)
    const taken = since(start)
    const rate = (taken - before.taken) / (steps - before.steps)
    const left = seconds - since(started)
    // two at least, where there is time for them: the difference is free of what every training costs once
    if ((before.steps > 0 && taken >= SHARE * seconds) || left <= GROWTH * taken) {
      // a stall in the shorter of the two can turn their difference about
      const step = rate > 0 ? rate : taken / steps
      return Math.max(1, Math.floor(steps + (left - taken) / step))
    }
    before = { steps, taken }
  }
}
