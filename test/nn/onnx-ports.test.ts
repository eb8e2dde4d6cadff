import { expect, it } from 'vitest'
import { feedsOf } from '../../src/nn/foreign/onnx-ports.ts'

const FLOAT = 1
const INT64 = 7
const ports = (type: number) => ({
  inputs: [{ name: 't', type, shape: [null] }],
  outputs: [],
})

it('times of a graph that takes integers are rounded where they are integers but for rounding, and refused otherwise', () => {
  const feeds = (type: number, ...times: number[]) =>
    feedsOf('f.onnx', ports(type), { t: Float64Array.from(times) }, times.length).t
  expect(feeds(INT64, 3, 4 - 1e-12)).toMatchObject({
    type: 'int64',
    shape: [2],
    values: Float64Array.of(3, 4),
  })
  expect(() => feeds(INT64, 3, 4.5)).toThrow(
    /^f\.onnx takes integers for t, and is asked at 4\.5; expected a graph that takes float32 times/,
  )
  expect(feeds(FLOAT, 3, 4.5)).toMatchObject({ type: 'float32', values: Float64Array.of(3, 4.5) })
})
