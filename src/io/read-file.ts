import { BadInput } from './bad-input.ts'

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a folder',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  ENAMETOOLONG: 'has a name that is too long',
  ELOOP: 'is a loop of links',
  ERR_FS_FILE_TOO_LARGE: 'is too large',
  ERR_INVALID_ARG_VALUE: 'is no file name',
}

/**
 * The bytes of a file.
 *
 * @throws InputError naming the file when it is missing, a folder, a pipe without an end, or cannot be read
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  const { readFile, stat } = await import('node:fs/promises')
  try {
    // a device may have no end
    const status = await stat(path)
    if (status.isCharacterDevice() || status.isBlockDevice())
      throw new BadInput(path, 'is a device', 'a file that can be read')
    if (status.isSocket()) throw new BadInput(path, 'is a socket', 'a file that can be read')
    if (status.isFIFO()) return await readPipe(path)
    return await readFile(path)
  } catch (error) {
    const problem = PROBLEMS[(error as NodeJS.ErrnoException).code ?? '']
    if (problem === undefined) throw error
    throw new BadInput(path === '' ? 'the empty file name' : path, problem, 'a file that can be read')
  }
}

/** Bytes of a pipe, which says nothing of its length. */
const MOST = 2 ** 30

/**
 * The bytes of a pipe, such as `<(command)` of a shell or a FIFO, up to its end. Nothing stands still meanwhile: a file system call
 * that waits for a pipe could not be interrupted.
 *
 * @throws InputError when there is more than 1 GB
 */
async function readPipe(path: string): Promise<Uint8Array> {
  const [{ closeSync, constants, openSync }, { Socket }] = await Promise.all([
    import('node:fs'),
    import('node:net'),
  ])
  // neither opening nor reading waits
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  let socket: import('node:net').Socket
  try {
    socket = new Socket({ fd: descriptor, readable: true, writable: false })
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of socket as AsyncIterable<Uint8Array>) {
    parts.push(part)
    length += part.length
    // leaving the loop closes the pipe
    if (length > MOST) throw new BadInput(path, 'is a pipe without an end in sight', 'at most 1 GB')
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Bytes: as many characters as a text may have in V8, some 537 million. */
const LONGEST = 2 ** 29 - 24

/**
 * The text of a UTF-8 file, without a byte order mark.
 *
 * @param name what to call the file in an error
 * @throws InputError when the bytes are not UTF-8, or more than a text can have
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  if (bytes.length > LONGEST)
    throw new BadInput(name, `has ${bytes.length} bytes`, `a text of at most ${LONGEST}`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new BadInput(name, 'is not UTF-8 text', 'a text file')
  }
}

/** The shortest decimal text that reads back as the same double, the sign of zero included. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/**
 * The number that a cell or an option holds, or null when it is no decimal number. Stricter than `Number`: no
 * empty text, no 0x10, no Infinity; 1e999 is Infinity, as in JSON.
 */
export function parseNumber(text: string): number | null {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : null
}
