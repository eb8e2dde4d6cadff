import { expect, test } from 'vitest'
import { fuzz, polluted } from '../../bench/fuzz/fuzz.ts'

// `npm run fuzz` does the same with 100,000 files
const FILES = 2100

test(`${FILES} spoiled files over all parsers: each is read or refused, soon`, async () => {
  const counts = await fuzz(FILES, 1)
  for (const { parser, inputs, refused, crashes, hangs } of counts) {
    expect([parser, crashes, hangs]).toEqual([parser, [], []])
    // the changes are such that most files are spoiled
    expect(refused).toBeGreaterThan(inputs / 2)
  }
  expect(polluted()).toEqual([])
})
