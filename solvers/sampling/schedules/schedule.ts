/** What a schedule is made for. */
export interface ScheduleRange {
  /** The first time. */
  readonly from: number
  /** The last one above 0, below `from`. */
  readonly to: number
  /** The scale c of the data. */
  readonly scale: number
}

/** The time at the share u of the steps: `from` at u = 0, `to` at u = 1, descending. A new schedule is a file here and a line in index.ts. */
export type Schedule = (u: number, range: ScheduleRange) => number
