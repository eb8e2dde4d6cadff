"""f(T, X) of a Gaussian mixture by diffrax: DOP853 in comoving coordinates, one step size for a block of points.

    dy/dtheta = -tan(theta) (y + r s(t, mu + r y)),  t = c tan(theta), r = c / cos(theta), f = mu + c y(0)

Reads the points from --points (.npy, a multiple of --block rows), writes f to --out and prints the CPU time of each of
--repeats evaluations, compilation left out. Points lie along the last axis, and small sums are written out: both let XLA
vectorise over points.
"""

import argparse
import json
import os
import time as clock

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--problem", required=True)
parser.add_argument("--time", type=float, required=True)
parser.add_argument("--points", required=True)
parser.add_argument("--out", required=True)
parser.add_argument("--rtol", type=float, required=True)
parser.add_argument("--block", type=int, default=512)
parser.add_argument("--repeats", type=int, default=10)
args = parser.parse_args()
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import diffrax  # noqa: E402
import jax  # noqa: E402
import numpy as np  # noqa: E402

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp  # noqa: E402

with open(args.problem) as file:
    document = json.load(file)
data = document.get("problem", document)["data"]
if data["kind"] != "mixture":
    raise SystemExit("for mixtures only")
w, mu = np.array(data["weights"]), np.array(data["means"])
count, d = mu.shape
if "covariances" in data:
    covariances = np.array(data["covariances"])
else:
    stds = np.array(data["stds"]).reshape(count, -1)
    covariances = np.stack([np.diag(np.broadcast_to(s, d) ** 2) for s in stds])
values, vectors = np.linalg.eigh(covariances)
mean = w @ mu
spread = mu - mean
c = float(np.sqrt((w @ (values.sum(1) + (spread**2).sum(1))) / d))
# the rows of `turn` are all eigenvectors of all components
turn = np.swapaxes(vectors, 1, 2).reshape(count * d, d)
centres = np.einsum("kji,kj->ki", vectors, mu)


def score(t, x):
    variance = values + t * t
    z = sum(turn[:, j, None] * x[j] for j in range(d)).reshape(count, d, -1) - centres[:, :, None]
    pull = z / variance[:, :, None]
    exponent = 0.5 * (z * pull).sum(1)
    amplitude = w * jax.lax.rsqrt((variance / (c * c + t * t)).prod(1))
    gamma = amplitude[:, None] * jnp.exp(exponent.min(0) - exponent)
    g = pull * (gamma / -gamma.sum(0))[:, None]
    return sum((np.swapaxes(vectors, 1, 2)[:, j, :, None] * g[:, j][:, None]).sum(0) for j in range(d))


def velocity(theta, y, _):
    tangent, r = jnp.tan(theta), c / jnp.cos(theta)
    return -tangent * (y + r * score(c * tangent, mean[:, None] + r * y))


def solve(x):
    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(velocity), diffrax.Dopri8(), float(np.arctan2(args.time, c)), 0.0, None,
        (x - mean[:, None]) / np.hypot(c, args.time),
        saveat=diffrax.SaveAt(t1=True), max_steps=None, throw=False, adjoint=diffrax.ForwardMode(),
        stepsize_controller=diffrax.PIDController(rtol=args.rtol, atol=args.rtol),
    )  # fmt: skip
    return mean[:, None] + c * solution.ys[0]


X = np.load(args.points)
n = len(X)
blocks = jnp.asarray(np.swapaxes(X.reshape(n // args.block, args.block, d), 1, 2))
program = jax.jit(lambda x: jax.lax.map(solve, x)).lower(blocks).compile()
F = np.swapaxes(np.asarray(program(blocks)), 1, 2).reshape(n, d)
np.save(args.out, F)
seconds = []
for _ in range(args.repeats):
    start = clock.process_time()
    program(blocks).block_until_ready()
    seconds.append(clock.process_time() - start)
print(json.dumps({"cpu": sorted(seconds), "versions": {"jax": jax.__version__, "diffrax": diffrax.__version__}}))
