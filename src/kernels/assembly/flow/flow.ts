/**
 * What the functions of this folder share, laid out by src/kernels/mixture-flow.ts: the trajectories of a block of rows
 * through a Gaussian mixture in comoving coordinates (docs/mathematics.md §2), y' = tan θ Σ_k γ_k (C_k y − B_k m_k), where
 * B_k = r² (Σ_k + t²)⁻¹, C_k = B_k − I = (c² − Σ_k)(Σ_k + t²)⁻¹, m_k = (μ_k − μ)/r, and
 * γ_k ∝ w_k √|B_k| exp(−½ (y − m_k)ᵀ B_k (y − m_k)). Neither end of time loses digits.
 *
 * Vectors are stored a coordinate at a time, as `dimension` lines of `rows` numbers; all addresses are in bytes.
 */
@unmanaged
export class Flow {
  dimension: u32
  /** K, components of the mixture */
  count: u32
  /** Rows of the block, a multiple of 4. */
  rows: u32
  /** S, stages of the Runge–Kutta method */
  stages: u32
  /** Error estimates of the method, 1 or 2. */
  estimates: u32
  /** 1 when the error estimate uses the slope at the new point. */
  fsal: u32
  /** y, and behind it the y of the next step, then the y of a stage. */
  y: u32
  /** The slopes k, one vector a stage. */
  slopes: u32
  /** Linear combinations of slopes: first terms and their end [int32], which slopes [int32], and weights. */
  starts: u32
  which: u32
  weights: u32
  /** Where in a step every stage is, from 0 to 1. */
  nodes: u32
  /** What depends on the time, one table a stage; see `Tables`. */
  tables: u32
  tableBytes: u32
  /** 2 log w_k [K], the centred means μ_k − μ [K, d], the eigenvalues of Σ_k [K, d], q_j q_jᵀ of its eigenvectors [K, d, d, d]. */
  logWeights: u32
  means: u32
  eigenvalues: u32
  outer: u32
  /** Space for four rows: 2 ((1 + d) K + 2 d) pairs. */
  scratch: u32
  padding: u32
  /** Data scale c. */
  scale: f64
}
