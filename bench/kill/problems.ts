/** Two modes in the plane: no exact map. */
export const plane = {
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: [0.3, 0.7],
    means: [
      [0, 0],
      [1, 2],
    ],
    stds: [0.5, 0.8],
  },
}

/** Two modes on a line, where a comparison is cheap. */
export const line = {
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.4, 0.6], means: [[-1], [1]], stds: [0.3, 0.4] },
}
