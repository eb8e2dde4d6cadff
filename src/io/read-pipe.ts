import { BadInput } from './bad-input.ts'

/** Bytes of a pipe, which says nothing of its length. */
const MOST = 2 ** 30

/**
 * The bytes of a pipe, such as `<(command)` of a shell or a FIFO, up to its end. Nothing stands still meanwhile: a file system call
 * that waits for a pipe could not be interrupted.
 *
 * @throws InputError when there is more than 1 GB
 */
export async function readPipe(path: string): Promise<Uint8Array> {
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
