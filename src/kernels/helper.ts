/** Words of the control block after the job's ticket of two words. */
export const words = {
  /** The number of the job; sleeping helpers wait for it to change. */
  job: 2,
  /** Parts that are not done yet; the leading thread waits for 0. */
  open: 3,
  /** How many helpers sleep. */
  asleep: 4,
  /** 1 while the leading thread sleeps. */
  leaderAsleep: 5,
  kernel: 6,
  arguments: 7,
} as const

/** The control block: 16 words, then the arguments of the kernel as float64. */
export const ARGUMENTS_AT = 64
export const MOST_ARGUMENTS = 32

/**
 * Looks at the control block before a thread goes to sleep. Short: where other programs want the cores, a thread that waits takes
 * the time of the one it waits for, and the leading thread starts without those that are not awake yet.
 */
export const SPINS = 5000

/**
 * What a helper runs: it waits for a job, takes parts of it until none is left, and says so. A string, so that it needs no file of
 * its own in any build. A job does not wait for a helper that has no part of it: one that has lost its core costs nothing.
 */
export const HELPER = `
const { workerData } = require('node:worker_threads')
const { module, memory, control, scratch, thread, names, blas, types } = workerData
let sgemm = () => {}
if (blas !== null) {
  const native = require(blas.koffi).load(blas.library).func('cblas_sgemm', 'void', types)
  const { base } = blas
  sgemm = (ta, tb, m, n, k, a, la, b, lb, c, lc, add) =>
    native(101, 111 + ta, 111 + tb, m, n, k, 1, base + (a >>> 0), la, base + (b >>> 0), lb, add, base + (c >>> 0), lc)
}
const { exports } = new WebAssembly.Instance(module, { env: { memory, sgemm } })
exports.prepare(scratch, blas === null ? 0 : 1, thread)
const words = new Int32Array(memory.buffer, control, 16)
const values = new Float64Array(memory.buffer, control + ${ARGUMENTS_AT}, ${MOST_ARGUMENTS})
let job = 0
for (;;) {
  for (let spin = 0; spin < ${SPINS} && Atomics.load(words, ${words.job}) === job; spin++);
  if (Atomics.load(words, ${words.job}) === job) {
    Atomics.add(words, ${words.asleep}, 1)
    while (Atomics.load(words, ${words.job}) === job) Atomics.wait(words, ${words.job}, job)
    Atomics.sub(words, ${words.asleep}, 1)
  }
  job = Atomics.load(words, ${words.job})
  const parts = words[${words.kernel}] >> 8
  const kernel = exports[names[words[${words.kernel}] & 255]]
  const given = Array.from(values.subarray(0, words[${words.arguments}]))
  exports.begin()
  for (let part; (part = exports.claim(control, job)) >= 0; ) {
    kernel(part, parts, ...given)
    if (Atomics.sub(words, ${words.open}, 1) === 1 && Atomics.load(words, ${words.leaderAsleep}) === 1)
      Atomics.notify(words, ${words.open})
  }
}
`
