"""f(T, X) of a Gaussian mixture in one or two dimensions by PyClaw: SharpClaw's WENO5 in comoving coordinates.

    f_theta + v . grad f = 0,  v = -tan(theta) (y + r s(t, mu + r y)),  f(0, y) = mu + c y

All components in one run by pyclaw_color.f90, the velocity compiled by numba and set at every stage, the steps from --thetas
(.npy). Beyond the grid f continues linearly. The values at --points (.npy) come from a quintic spline through the cell centres
and go to --out. Prints the CPU seconds of every repeat: of the march, of the velocity within it, and of the values at the points.
"""

import argparse
import json
import logging
import math
import os
import time as clock

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import numba  # noqa: E402
import numpy as np  # noqa: E402
import pyclaw_color  # noqa: E402
from clawpack import pyclaw  # noqa: E402
from scipy.interpolate import BSpline, NdBSpline, make_interp_spline  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--problem", required=True)
parser.add_argument("--time", type=float, required=True)
parser.add_argument("--nodes", type=int, required=True)
parser.add_argument("--extent", type=float, required=True)
parser.add_argument("--integrator", choices=["RK4", "SSP104", "SSP33"], default="RK4")
parser.add_argument("--thetas", required=True)
parser.add_argument("--points", required=True)
parser.add_argument("--out", required=True)
parser.add_argument("--repeats", type=int, default=1)
args = parser.parse_args()
logging.disable(logging.CRITICAL)

with open(args.problem) as file:
    document = json.load(file)
data = document.get("problem", document)["data"]
if data["kind"] != "mixture":
    raise SystemExit("for mixtures only")
weights, means = np.array(data["weights"]), np.array(data["means"], float)
means = means.reshape(len(weights), -1)
count, d = means.shape
if "covariances" in data:
    covariances = np.array(data["covariances"])
else:
    stds = np.array(data["stds"]).reshape(count, -1)
    covariances = np.stack([np.diag(np.broadcast_to(s, d) ** 2) for s in stds])
mean = weights @ means
mu = means - mean
c = float(np.sqrt((weights @ (np.trace(covariances, axis1=1, axis2=2) + (mu**2).sum(1))) / d))


@numba.njit(fastmath={"contract", "nsz", "arcp", "reassoc"}, error_model="numpy")
def line(Y, out, P, a, mu, r, tangent):
    count = len(a)
    e = np.empty(count)
    for n in range(Y.shape[1]):
        x = r * Y[0, n]
        top = -1e300
        for k in range(count):
            z = x - mu[k, 0]
            e[k] = a[k] - 0.5 * z * z * P[k, 0, 0]
            top = max(top, e[k])
        total = 0.0
        s = 0.0
        for k in range(count):
            w = math.exp(e[k] - top)
            total += w
            s -= w * (x - mu[k, 0]) * P[k, 0, 0]
        out[0, n] = -tangent * (Y[0, n] + r * s / total)


@numba.njit(fastmath={"contract", "nsz", "arcp", "reassoc"}, error_model="numpy")
def plane(Y, out, P, a, mu, r, tangent):
    count = len(a)
    e, g = np.empty(count), np.empty((count, 2))
    for n in range(Y.shape[1]):
        top = -1e300
        for k in range(count):
            z0, z1 = r * Y[0, n] - mu[k, 0], r * Y[1, n] - mu[k, 1]
            g[k, 0] = P[k, 0, 0] * z0 + P[k, 0, 1] * z1
            g[k, 1] = P[k, 0, 1] * z0 + P[k, 1, 1] * z1
            e[k] = a[k] - 0.5 * (z0 * g[k, 0] + z1 * g[k, 1])
            top = max(top, e[k])
        total, s0, s1 = 0.0, 0.0, 0.0
        for k in range(count):
            w = math.exp(e[k] - top)
            total += w
            s0 -= w * g[k, 0]
            s1 -= w * g[k, 1]
        out[0, n] = -tangent * (Y[0, n] + r * s0 / total)
        out[1, n] = -tangent * (Y[1, n] + r * s1 / total)


def velocity(theta, Y):
    wide = covariances + (c * math.tan(theta)) ** 2 * np.eye(d)
    out = np.empty_like(Y)
    amplitude = np.log(weights) - 0.5 * np.log(np.linalg.det(wide))
    (line if d == 1 else plane)(Y, out, np.linalg.inv(wide), amplitude, mu, c / math.cos(theta), math.tan(theta))
    return out


n, Y = args.nodes, args.extent
centers = -Y + (np.arange(n) + 0.5) * 2 * Y / n
cells = np.array([a.ravel() for a in np.meshgrid(*[centers] * d, indexing="ij")])
shape = (d,) + (n,) * d
thetas = np.load(args.thetas).ravel()
points = np.load(args.points)
spent = 0.0


def before_stage(_, state):
    global spent
    start = clock.process_time()
    state.aux[...] = velocity(state.t, cells).reshape(shape)
    spent += clock.process_time() - start


def extend(at_low):
    def extended(state, dim, t, qbc, auxbc, ghosts):
        q = np.moveaxis(qbc, [x.name for x in state.grid.dimensions].index(dim.name) + 1, 0)
        q = q if at_low else q[::-1]
        for i in range(ghosts):
            q[ghosts - 1 - i] = 2 * q[ghosts - i] - q[ghosts - i + 1]

    return extended


def march():
    solver = (pyclaw.SharpClawSolver1D if d == 1 else pyclaw.SharpClawSolver2D)(pyclaw_color)
    solver.weno_order = 5
    solver.time_integrator = args.integrator
    if args.integrator == "RK4":
        solver.time_integrator = "RK"
        solver.a = np.array([[0, 0, 0, 0], [0.5, 0, 0, 0], [0, 0.5, 0, 0], [0, 0, 1, 0]], float)
        solver.b = np.array([1, 2, 2, 1]) / 6
        solver.c = np.array([0, 0.5, 0.5, 1])
    solver.before_step, solver.call_before_step_each_stage, solver.aux_time_dep = before_stage, True, True
    solver.num_waves, solver.num_eqn, solver.kernel_language, solver.fwave = 1, d, "Fortran", False
    solver.dt_variable, solver.cfl_max, solver.cfl_desired = False, 1e3, 1e2
    solver.user_bc_lower, solver.user_bc_upper = extend(True), extend(False)
    for i in range(d):
        solver.bc_lower[i] = solver.bc_upper[i] = pyclaw.BC.custom
        solver.aux_bc_lower[i] = solver.aux_bc_upper[i] = pyclaw.BC.extrap
    domain = pyclaw.Domain([-Y] * d, [Y] * d, [n] * d)
    solution = pyclaw.Solution(pyclaw.State(domain, d, d), domain)
    solution.state.q[...] = mean.reshape((d,) + (1,) * d) + c * cells.reshape(shape)
    solution.state.aux[...] = 0
    solver.dt = 1e-3
    solver.setup(solution)
    start = clock.process_time()
    for t, end in zip(thetas[:-1], thetas[1:]):
        solver.dt = solver.dt_old = end - t
        solution.t = t
        solver.evolve_to_time(solution)
    return np.moveaxis(np.array(solution.state.q), 0, -1), clock.process_time() - start


def values(f):
    y = np.clip((points - mean) / math.hypot(c, args.time), centers[0], centers[-1])
    knots = []
    for i in range(d):
        spline = make_interp_spline(centers, np.moveaxis(f, i, 0), k=5)
        knots.append(spline.t)
        f = np.moveaxis(spline.c, 0, i)
    if d == 1:
        return BSpline(knots[0], f, 5)(y[:, 0])
    return NdBSpline(tuple(knots), np.ascontiguousarray(f), 5)(y)


velocity(0.5, cells[:, :4].copy())
result = {"march": [], "velocity": [], "evaluation": []}
for _ in range(args.repeats):
    spent = 0.0
    f, seconds = march()
    start = clock.process_time()
    np.save(args.out, values(f))
    result["evaluation"].append(clock.process_time() - start)
    result["march"].append(seconds)
    result["velocity"].append(spent)
print(json.dumps({**result, "versions": {"numpy": np.__version__, "numba": numba.__version__}}))
