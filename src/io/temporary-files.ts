/** The channel on which threads say which temporary files there are: whoever ends a thread in the middle removes them. */
const CHANNEL = 'consistency-pde temporary files'

/** A temporary file that is there from now on, or no longer. */
interface Notice {
  readonly path: string
  readonly there: boolean
}

export function noteTemporary(path: string, there: boolean): void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.postMessage({ path, there } satisfies Notice)
  channel.close()
}

/** Keeps the names of the temporary files of all threads. Call it before they start. */
export function watchTemporaryFiles(): { readonly paths: ReadonlySet<string>; stop(): void } {
  const paths = new Set<string>()
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = (event: unknown) => {
    const { path, there } = (event as { data: Notice }).data
    if (there) paths.add(path)
    else paths.delete(path)
  }
  return { paths, stop: () => channel.close() }
}
