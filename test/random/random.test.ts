import { describe, expect, it } from 'vitest'
import { Random } from '../../src/random/random.ts'

describe('random numbers', () => {
  it('are the same for the same seed, and go on from a saved state', () => {
    const [a, b] = [new Random(11), new Random(11)]
    for (let i = 0; i < 7; i++) expect(a.normal()).toBe(b.normal())
    const saved = Random.fromState(JSON.parse(JSON.stringify(a.state())))
    for (let i = 0; i < 7; i++) expect(saved.normal()).toBe(a.normal())
  })

  it('start well for every small seed', () => {
    const first = Array.from({ length: 1000 }, (_, seed) => new Random(seed).uniform())
    expect(Math.abs(first.reduce((a, b) => a + b, 0) / 1000 - 0.5)).toBeLessThan(0.04)
    expect(new Set(first.map((u) => Math.floor(10 * u))).size).toBe(10)
    const streams = Array.from({ length: 1000 }, (_, seed) => Random.stream(seed, 'noise').uniform())
    expect(new Set(streams).size).toBe(1000)
  })

  it('differ between streams', () => {
    const values = ['weights', 'batches', 'data'].map((label) => Random.stream(0, label).uniform())
    expect(new Set([...values, Random.stream(1, 'data').uniform()]).size).toBe(4)
  })

  it('have the moments of their laws', () => {
    const random = new Random(1)
    const n = 200_000
    let [mean, square, fourth] = [0, 0, 0]
    for (let i = 0; i < n; i++) {
      const z = random.normal()
      mean += z / n
      square += z ** 2 / n
      fourth += z ** 4 / n
    }
    expect(Math.abs(mean)).toBeLessThan(0.01)
    expect(Math.abs(square - 1)).toBeLessThan(0.015)
    expect(Math.abs(fourth - 3)).toBeLessThan(0.15)
    const counts = [0, 0, 0]
    for (let i = 0; i < n; i++) counts[random.categorical(Float64Array.of(0.2, 0.2, 1))]++
    expect(counts[1]).toBe(0)
    expect(Math.abs(counts[0] / n - 0.2)).toBeLessThan(0.005)
  })
})
