import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandOf, problemOf } from '../../playground/compute/command.ts'
import { type ProcessChoice, processKinds, processOf, timeLimits } from '../../playground/state/process.ts'
import { defaultState, limits, methodNames, type State } from '../../playground/state/state.ts'
import { fromHash, toHash } from '../../playground/state/url.ts'
import { parseProblem } from '../../src/create/create-problem.ts'

/** Numbers as a slider gives them. */
const between = ([low, high]: readonly [number, number]) =>
  fc.integer({ min: Math.round(low * 100), max: Math.round(high * 100) }).map((value) => value / 100)

const choices = processKinds.map(
  (kind): ProcessChoice =>
    kind === 'interpolant' ? { kind, alpha: '1 + t - 2 * t^2', sigma: 't + t^2' } : { kind },
)

const timeOf = ({ kind }: ProcessChoice) =>
  kind === 've' ? fc.oneof(between([1, 80]), fc.constant(Infinity)) : between(timeLimits(kind).range)

const states: fc.Arbitrary<State> = fc
  .constantFrom(...choices)
  .chain((process) =>
    fc.record({
      process: fc.constant(process),
      modes: fc.array(
        fc.record({ weight: between(limits.weight), mean: between(limits.mean), std: between(limits.std) }),
        { minLength: limits.modes[0], maxLength: limits.modes[1] },
      ),
      time: timeOf(process),
      method: fc.constantFrom(...methodNames),
      intervals: fc.integer({ min: limits.exponent[0], max: limits.exponent[1] }).map((k) => 2 ** k),
      launches: fc.array(fc.record({ share: between([0, 1]), x: between([-90, 90]) }), {
        maxLength: limits.launches[1],
      }),
    }),
  )
  .map(({ launches, ...state }) => ({
    ...state,
    launches: launches.map(({ share, x }) => ({
      time: share === 0 ? 0 : Number((share * state.time).toPrecision(5)),
      x,
    })),
  }))

describe('the state in the address', () => {
  it('comes back from it', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(fromHash(toHash(state))).toEqual(state)
      }),
    )
  })

  it('is the default where there is none', () => {
    for (const hash of ['', '#', '#nothing=1']) expect(fromHash(hash)).toEqual(defaultState)
  })

  it('is a state within the limits for any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (modes, number, launch) => {
        const hash = `#modes=${modes}&T=${number}&N=${number}&method=${launch}&launch=${launch}`
        const state = fromHash(hash)
        expect(fromHash(toHash(state))).toEqual(state)
        expect(state.modes.length).toBeGreaterThan(0)
        expect(state.time).toBeGreaterThanOrEqual(timeLimits('ve').range[0])
        expect(Number.isInteger(Math.log2(state.intervals))).toBe(true)
      }),
    )
  })

  it('refuses formulas that are no process, and quotes', () => {
    for (const formulas of [
      'alpha=1-t&sigma=1',
      'alpha=x&sigma=t',
      "alpha=1-t'&sigma=t",
      'alpha=1-t&sigma=%22t%22',
    ])
      expect(fromHash(`#process=interpolant&${formulas}`)).toEqual(fromHash('#process=interpolant'))
    expect(fromHash('#process=brownian')).toEqual(defaultState)
    expect(fromHash('#process=flowMatching&T=9').time).toBe(1)
    expect(fromHash('#process=ddpm').time).toBe(1000)
  })

  it('keeps to the limits', () => {
    const state = fromHash('#modes=5:-70:0.001,1:2:0.3,1:2&T=1e9&N=100000&method=none&launch=99:3,1:x')
    expect(state.modes).toEqual([
      { weight: 1, mean: -3, std: 0.1 },
      { weight: 1, mean: 2, std: 0.3 },
    ])
    expect(state).toMatchObject({ time: 80, intervals: 256, method: defaultState.method })
    expect(state.launches).toEqual([{ time: 80, x: 3 }])
  })
})

describe('the command', () => {
  it('has a problem file that the package reads, for any state', () => {
    fc.assert(
      fc.property(states, (state) => {
        const { dimension, density, process } = parseProblem(problemOf(state))
        const own = processOf(state.process)
        for (const t of [0.3, 1].map((share) => share * own.maximumTime))
          expect([own.alpha(t), own.sigma(t)]).toEqual([process.alpha(t), process.sigma(t)])
        expect(dimension).toBe(1)
        expect(density.moments.scale).toBeGreaterThan(0)
        expect(commandOf(state)).toContain(JSON.stringify(problemOf(state)))
      }),
    )
  })

  it('computes the fixed points at the same T and N', () => {
    expect(commandOf({ ...defaultState, method: 'ct-l1' })).toBe(
      `echo '{"process":{"kind":"ve"},"data":{"kind":"mixture","weights":[0.7,0.3],"means":[[-0.6],[1.4]],"stds":[0.25,0.25]}}' > p.json
npx consistency-pde coupling --problem p.json --time 10 --intervals 64 --out coupling`,
    )
  })

  it('evaluates the exact map where trajectories were launched, carried to T', () => {
    const command = commandOf({ ...defaultState, method: 'exact', launches: [{ time: 10, x: 4 }] })
    expect(command).toMatch(/echo '\[\[4(\.0000\d+)?\]\]' > x\.json/)
    expect(command).toContain('evaluate --problem p.json --method exact --time 10')
  })
})
