/** How far long work has come. */
export interface Progress {
  readonly done: number
  readonly total: number
  /** What is being done, and a figure such as the loss. */
  readonly label: string
}
