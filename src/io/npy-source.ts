import { points } from '../points/points.ts'
import { BadInput } from './bad-input.ts'
import { npyLayout } from './npy.ts'
import type { PointSource } from './point-source.ts'

const MOST_HEADER = 2 ** 16

/** The points of a large .npy file, or null where they are in Fortran order: a row is then all over the file. */
export async function npySource(path: string, size: number): Promise<PointSource | null> {
  const { open } = await import('node:fs/promises')
  const read = async (at: number, length: number): Promise<Uint8Array> => {
    const file = await open(path)
    try {
      const bytes = new Uint8Array(length)
      const { bytesRead } = await file.read(bytes, 0, length, at)
      return bytes.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  }
  const layout = npyLayout(await read(0, Math.min(size, MOST_HEADER)), size, path)
  const { n, d, bytes, little, end } = layout
  if (layout.fortranOrder) return null
  return {
    dimension: d,
    rows: () => n,
    async *parts(rows) {
      for (let done = 0; done < n; done += rows) {
        const count = Math.min(rows, n - done)
        const part = await read(end + done * d * bytes, count * d * bytes)
        if (part.length < count * d * bytes)
          throw new BadInput(path, 'became shorter while it was read', 'a file that stays as it is')
        const view = new DataView(part.buffer, part.byteOffset, part.byteLength)
        const data = new Float64Array(count * d)
        for (let k = 0; k < data.length; k++) {
          data[k] = layout.read(view, k * bytes, little)
          if (!Number.isFinite(data[k])) throw notFinite(path, data[k], done + Math.floor(k / d), k % d)
        }
        yield points(data, d)
      }
    },
  }
}

function notFinite(path: string, value: number, row: number, column: number): BadInput {
  return new BadInput(path, `has ${value} in row ${row + 1}, column ${column + 1}`, 'a finite number')
}
