import fc from 'fast-check'

// the same inputs in every run; FUZZ_SEED looks for others
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 1) })
