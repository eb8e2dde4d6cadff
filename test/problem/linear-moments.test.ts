import { expect, test } from 'vitest'
import { linearMoments } from '../../src/problem/processes/linear-moments.ts'

test.each([Number.NaN, Number.POSITIVE_INFINITY])('coefficients that are %d are given up soon', (value) => {
  let evaluations = 0
  const square = () => {
    evaluations++
    return value
  }
  const { maximumTime } = linearMoments({ beta: () => 0, gamma: () => 0, square })
  expect(maximumTime).toBe(0)
  expect(evaluations).toBeLessThan(10_000)
})
