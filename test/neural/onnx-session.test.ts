import { expect, test } from 'vitest'
import { smallModel } from '../../bench/fuzz/small-model.ts'
import { ComputationError, InputError } from '../../src/errors.ts'
import { checkOnnxFile } from '../../src/nn/foreign/onnx-file.ts'
import { onnxHost } from '../../src/nn/foreign/onnx-host.ts'
import { openOnnx } from '../../src/nn/foreign/onnx-session.ts'
import { withWeights } from '../../src/nn/foreign/onnx-weights.ts'
import { Random } from '../../src/random/random.ts'
import { asOnnx, GraphFile, graphAttribute, tensorInAnotherFile, withWeightsElsewhere } from './onnx-graph.ts'

const model = smallModel(new Random(5))
const valid = asOnnx(model, false)
const open = (bytes: Uint8Array) => openOnnx([{ file: 'f.onnx', bytes }])
const call = {
  ...{ graph: 0, output: 'f', rows: 2, columns: 2 },
  inputs: { t: Float64Array.of(1, 2), x: Float64Array.of(1, 2, 3, 4) },
}
/** x through operations that are named, each from the output of the one before. */
function chain(...steps: readonly [string, number?][]): Uint8Array {
  const g = new GraphFile()
  let last = 'x'
  for (const [operation, times = 1] of steps)
    for (let k = 0; k < times; k++)
      last =
        operation === 'Concat'
          ? g.node(operation, [last, last], { axis: 1 })
          : g.node(operation, operation.startsWith('Random') ? [] : [last])
  return g.file({ t: 1, x: 2 }, { f: [last] })
}

test('sessions share a thread, give the same values and can be closed again and again', async () => {
  const kept = await open(valid)
  const wanted = kept.run(call)
  expect(wanted).toHaveLength(4)
  for (let k = 0; k < 100; k++) {
    const session = await open(valid)
    if (k % 10 === 0) expect(session.run(call)).toEqual(wanted)
    session.close()
    session.close()
    expect(() => session.run(call)).toThrow(ComputationError)
  }
  expect(kept.run(call)).toEqual(wanted)
  kept.close()
})

test('a session that is closed is gone from the runtime, and others go on', async () => {
  const graphs = [{ file: 'f.onnx', bytes: valid }]
  const host = onnxHost(graphs)
  const [closed, kept] = [await host.open({ graphs }), await host.open({ graphs })]
  const run = (session: number) => {
    const [t, x] = [call.inputs.t, call.inputs.x]
    const inputs = {
      t: { type: 'float32' as const, values: t, shape: [2, 1] },
      x: { type: 'float32' as const, values: x, shape: [2, 2] },
    }
    return host.run({ ...call, session, inputs }, 10_000)
  }
  const wanted = run(kept.session)
  expect(wanted.values).toHaveLength(4)
  expect(run(closed.session)).toEqual({ ...wanted, id: undefined })
  host.close(closed.session)
  expect(run(closed.session).values).toBeUndefined()
})

test('SiLU runs in float64, though what the runtime fuses it to does not', async () => {
  const g = new GraphFile()
  const value = g.node('Mul', ['x', g.node('Sigmoid', ['x'])])
  // 11: DOUBLE of onnx.proto
  const session = await open(g.file({ t: 1, x: 2 }, { f: [value, 2] }, 11))
  const found = session.run(call)
  for (const [i, x] of [1, 2, 3, 4].entries()) expect(found[i]).toBeCloseTo(x / (1 + Math.exp(-x)), 12)
  session.close()
})

test('several are opened at once, and waited for while others are opened', async () => {
  const first = await open(valid)
  const others = Promise.all([1, 2, 3].map(() => open(valid)))
  const wanted = first.run(call)
  for (const session of await others) {
    expect(session.run(call)).toEqual(wanted)
    session.close()
  }
  first.close()
})

test('a file that ends early is refused wherever it ends', () => {
  for (let length = 0; length < valid.length; length++) {
    // a message may end between two fields, after the graph is there: then it is one without a set of operators
    const cut = valid.slice(0, length)
    try {
      checkOnnxFile(cut, 'f.onnx')
      expect(valid.length - length).toBeLessThan(5)
    } catch (error) {
      expect(error).toBeInstanceOf(InputError)
    }
  }
})

test.each<[string, Uint8Array, string]>([
  ['nothing', new Uint8Array(), 'has 0 graphs'],
  ['text', new TextEncoder().encode('{"format": "onnx"}'), 'is no ONNX file'],
  ['a loop', chain(['Loop']), 'has the operator Loop'],
  ['a branch', chain(['If']), 'has the operator If'],
  ['randomness', chain(['RandomNormal']), 'has the operator RandomNormal'],
  ['a graph in an operator of any name', graphAttribute('Identity'), 'has the operator Identity'],
  ['weights in another file', tensorInAnotherFile('../../etc/passwd'), 'has weights in another file'],
  ['an operator that there is not', chain(['Concatenate']), 'is refused by the ONNX runtime'],
])('%s: refused as bad input', async (_, bytes, words) => {
  const error = await open(bytes).catch((problem) => problem)
  expect(error).toBeInstanceOf(InputError)
  expect(error.message).toContain(words)
  expect(error.message).toMatch(/^f\.onnx [^\n]+\.$/)
})

test('weights in a file beside the graph are those of the graph', async () => {
  const { graph, weights } = withWeightsElsewhere(valid, 'f.onnx.data')
  const asked: string[] = []
  const read = (of: Uint8Array) => async (name: string) => {
    asked.push(name)
    return of
  }
  const whole = await withWeights(graph, 'f.onnx', read(weights))
  expect(new Set(asked)).toEqual(new Set(['f.onnx.data']))
  const [session, wanted] = await Promise.all([open(whole), open(valid)])
  expect(session.run(call)).toEqual(wanted.run(call))
  for (const one of [session, wanted]) one.close()
  // what has its weights stays as it is
  expect(await withWeights(valid, 'f.onnx', read(weights))).toBe(valid)
  await expect(withWeights(graph, 'f.onnx', read(weights.slice(0, -1)))).rejects.toThrow(
    /^f\.onnx has weights at bytes \d+ to \d+ of f\.onnx\.data, which has \d+; expected the file/,
  )
})

test.each(['../../etc/passwd', '/etc/passwd', '..', 'a\\b', ''])(
  'weights in %j are never read',
  async (location) => {
    const read = () => {
      throw new Error('read')
    }
    const { graph } = withWeightsElsewhere(valid, location)
    await expect(withWeights(graph, 'f.onnx', read)).rejects.toThrow(/^f\.onnx has weights in the file /)
  },
)

test('tensors that claim more or less than their elements take are refused', async () => {
  // 4 bytes are said, for shape [4] of float
  const { graph, weights } = withWeightsElsewhere(valid, 'w')
  const text = new TextDecoder('latin1').decode(graph)
  const at = text.indexOf('length') + 'length'.length + 2
  expect(graph[at]).toBeGreaterThan(47)
  const changed = graph.slice()
  changed[at] = graph[at] === 57 ? 56 : graph[at] + 1
  await expect(withWeights(changed, 'f.onnx', async () => weights)).rejects.toThrow(
    /has a tensor of \d+ elements in \d+ bytes from 16 on of w; expected as many bytes/,
  )
})

test('inputs of other names are refused', async () => {
  const g = new GraphFile()
  const session = await open(g.file({ sigma: 1, x: 2 }, { f: [g.node('Mul', ['x', 'sigma'])] }))
  expect(() => session.run(call)).toThrow('f.onnx has no input t; expected sigma, x.')
  session.close()
})

test('an output of another size is a failure that says so, and others go on', async () => {
  const session = await open(chain(['Concat', 3]))
  expect(() => session.run(call)).toThrow(InputError)
  expect(() => session.run(call)).toThrow('gives f of shape [2, 16] for 2 points; expected [2, 2]')
  expect(() => session.run({ ...call, output: 'g' })).toThrow('f.onnx has no output g; expected f.')
  session.close()
  const next = await open(valid)
  expect(next.run(call)).toHaveLength(4)
  next.close()
})

test.each<[string, Uint8Array]>([
  ['in the course of a run', chain(['Concat', 40])],
  ['while it is opened', constantChain(30)],
])(
  'a graph that grows without end %s ends with a sentence within 1 GB, and others go on',
  async (_, bytes) => {
    const before = process.memoryUsage.rss()
    let most = 0
    const grow = async () => {
      const session = await open(bytes)
      session.run(call)
    }
    const look = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss())
    }, 5)
    await expect(grow()).rejects.toThrow(/it takes more than 0\.67 GB of memory/)
    clearInterval(look)
    expect(most - before).toBeLessThan(2 ** 30)
    const next = await open(valid)
    expect(next.run(call)).toHaveLength(4)
    next.close()
  },
)

/** A constant that doubles with every operation, which a runtime works out when it opens the graph. */
function constantChain(count: number): Uint8Array {
  const g = new GraphFile()
  let last = g.constant([1], [1, 1])
  for (let k = 0; k < count; k++) last = g.node('Concat', [last, last], { axis: 1 })
  return g.file({ t: 1, x: 2 }, { f: [last] })
}

test('a graph that goes on and on is stopped after ten seconds of work', async () => {
  const g = new GraphFile()
  let last = 'x'
  for (let k = 0; k < 11; k++) last = g.node('Concat', [last, last], { axis: 1 })
  last = g.node('MatMul', [g.node('Transpose', [last]), last])
  for (let k = 0; k < 400; k++) last = g.node('MatMul', [last, last])
  const session = await open(g.file({ t: 1, x: 2 }, { f: [last] }))
  const start = process.cpuUsage()
  expect(() => session.run(call)).toThrow(/could not run f\.onnx \(it gave no answer for \d+ seconds\)/)
  const { user, system } = process.cpuUsage(start)
  expect((user + system) / 1e6).toBeLessThan(15)
}, 120_000)
