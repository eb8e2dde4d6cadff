// in a file of its own for the fixed points, which load no tensors

/** c of the pseudo-Huber metric, relative to √tr Cov(p_data): 0.00054√d on data of standard deviation ½ (arXiv:2310.14189). */
export const pseudoHuberScale = 0.00054 / 0.5
