/** Files as NumPy writes them, of every type that is read, in each version of the format, and as Python 2 wrote them. */
export function npyFiles(): Uint8Array[] {
  const types = 'f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1'.split(' ')
  return [
    ...types.map((type) => npyFile(`${type.endsWith('1') ? '|' : '<'}${type}`, [1, 0], '(3, 2)', 6)),
    npyFile('>f8', [1, 0], '(3, 2)', 6),
    npyFile('<f8', [1, 0], '(3L, 2L)', 6),
    npyFile('<f4', [2, 0], '(6,)', 6),
    npyFile('<f8', [3, 0], '(3, 2)', 6, 'True'),
  ]
}

function npyFile(
  descr: string,
  [major, minor]: readonly [number, number],
  shape: string,
  count: number,
  fortran = 'False',
): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`.padEnd(117)
  const length = new Uint8Array(major === 1 ? 2 : 4)
  const view = new DataView(length.buffer)
  if (major === 1) view.setUint16(0, header.length + 1, true)
  else view.setUint32(0, header.length + 1, true)
  const values = new Uint8Array(count * Number(descr.slice(2)))
  // 1 in whole numbers and bits, something small in the others
  for (let k = 0; k < count; k++) values[k * Number(descr.slice(2))] = 1
  return Uint8Array.of(
    ...[0x93, ...Buffer.from('NUMPY'), major, minor, ...length],
    ...Buffer.from(`${header}\n`),
    ...values,
  )
}
