/** Where a run of the command line puts its words, and what may interrupt it. */
export interface Io {
  /** Results only. */
  stdout(text: string): void
  /** Errors, one sentence each. */
  stderr(text: string): void
  /** Aborted on SIGINT or SIGTERM. */
  readonly signal?: AbortSignal
}
