"""`measure` against the truth of a problem, `measure_against` against the flow of a teacher."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from safetensors.numpy import save_file

from ._arrays import Array, Framework, FrameworkName, MapFunction, TimeShape, framework_of
from ._command_line import find, run
from ._measurement import Kept, Measurement, measurement

# rows on which a derivative is tried
_PROBED_ROWS = 2
# dimensions that have error maps
_MOST_MAPPED = 2


@dataclass(frozen=True)
class Integration:
    """How `measure_against` integrates the teacher: classical Runge-Kutta, ``steps`` equal steps between two times.

    ``steps`` is even, because the same is done with half of them to see how far the solver is off.
    """

    steps: int = 4

    def __post_init__(self) -> None:
        if self.steps < 2 or self.steps % 2:
            raise ValueError(f"steps is {self.steps}; expected an even number of at least 2.")


def measure(
    f: MapFunction,
    problem: Mapping[str, Any] | str | Path,
    time: float,
    *,
    samples: int = 4096,
    intervals: int = 64,
    start: float = 0.0,
    seed: int = 0,
    tangents: bool | None = None,
    time_shape: TimeShape = "broadcast",
    framework: FrameworkName | None = None,
    batch: int = 16_384,
    device: Any = None,
    dtype: Any = None,
    command: str | Sequence[str] | None = None,
) -> Measurement:
    """How far f is from the consistency function of a problem, and a bound from its residual.

    :param f: f(t, x) on arrays of NumPy, PyTorch or JAX; x and the result have the shape [n, d]
    :param problem: a problem as a dictionary, or the path of a problem file (docs/problem-files.md)
    :param time: T, in the process's own time
    :param samples: number of trajectories
    :param intervals: intervals of time along each
    :param start: the time from which f is to be the map; 0 unless the network starts at a smallest noise
    :param tangents: whether f is differentiated by ``torch.func.jvp`` or ``jax.jvp``; tried unless given
    :param time_shape: t as an array [n, 1] that broadcasts against x, as a vector [n], or as one number
    :param batch: points that f gets at a time
    :raises CommandLineNotFound: with how to get the command line
    :raises CommandLineError: with the sentence of the command line on what is wrong with the problem

    >>> measure(lambda t, x: x / (1 + t * t) ** 0.5,
    ...     {"process": {"kind": "ve"}, "data": {"kind": "gaussian", "mean": [0.0], "covariance": [[1.0]]}},
    ...     5.0, samples=256).error < 1e-6
    True
    """
    words = find(command)
    kept = tempfile.TemporaryDirectory(prefix="consistency-pde-")
    folder = Path(kept.name)
    shared = ["--problem", str(_problem_file(problem, folder)), "--time", repr(float(time)), "--samples", str(samples)]
    shared += ["--intervals", str(intervals), "--start", repr(float(start)), "--seed", str(seed)]
    names = [folder / f"{name}.npy" for name in ("points", "directions", "values", "tangents")]
    points, directions, values, slopes = names
    run(words, ["points", *shared, "--out", str(points), "--directions", str(directions)])
    p, g = np.load(points), np.load(directions)
    own = framework_of(f, p[:, 1:], float(p[-1, 0]), time_shape, framework, device, dtype)
    found, derivative = _evaluate(own, f, p, g, samples, batch, tangents)
    np.save(values, found)
    given = [*shared, "--values", str(values)]
    arguments = ["score", *given]
    if derivative is not None:
        np.save(slopes, derivative)
        arguments += ["--tangents", str(slopes)]
    maps = _maps(own, f, words, shared, folder, batch) if p.shape[1] <= _MOST_MAPPED + 1 else []
    for name in (points, directions):
        name.unlink()
    return measurement(run(words, arguments), Kept(kept, words, arguments, maps, ["diagnose", *given]))


def measure_against(
    f: MapFunction,
    teacher: MapFunction,
    noise: Any,
    times: Any,
    *,
    predicts: Literal["velocity", "denoiser"] = "velocity",
    integration: Integration = Integration(),
    weights: Any = None,
    time_shape: TimeShape = "broadcast",
    framework: FrameworkName | None = None,
    batch: int = 1024,
    device: Any = None,
    dtype: Any = None,
    command: str | Sequence[str] | None = None,
) -> Measurement:
    """How far f is from the flow of a teacher, with no problem: the teacher is integrated here, where it lives.

    :param f: f(t, x) on arrays of NumPy, PyTorch or JAX; x and the result have the shape [n, ...]
    :param teacher: the velocity dx/dt(t, x) of the probability-flow ODE, or the denoiser E[X_0 | X_t = x] of X_t = X_0 + t Z
    :param noise: [n, ...], the points x at the largest time, drawn from the law of the noised data there
    :param times: ascending, the time of the data first and that of the noise last; where f is looked at
    :param predicts: what the teacher gives: "velocity" or "denoiser"
    :param weights: [n], importance weights of the rows of noise
    :raises ValueError: for times that do not ascend, or steps that are odd

    >>> import numpy as np
    >>> z = 5.1 * np.random.default_rng(0).standard_normal((256, 1))
    >>> measure_against(lambda t, x: x / (1 + t * t) ** 0.5, lambda t, x: t * x / (1 + t * t), z, np.linspace(0, 5, 17)).error < 1e-4
    True
    """
    words = find(command)
    at = np.asarray(_to_numpy(times), dtype=np.float64)
    if at.ndim != 1 or len(at) < 2 or np.any(np.diff(at) <= 0):
        raise ValueError("times are not ascending; expected at least two, that of the data first and that of the noise last.")
    x = np.asarray(_to_numpy(noise))
    own = framework_of(f, x, float(at[-1]), time_shape, framework, device, dtype)
    guide = framework_of(teacher, x, float(at[-1]), time_shape, framework, device, dtype)
    velocity = _velocity(guide, teacher, predicts, batch)
    singular = predicts == "denoiser" and at[0] == 0
    positions = _trajectories(velocity, x, at, integration.steps, singular)
    coarse = _trajectories(velocity, x, at, integration.steps // 2, singular)[0]
    values = np.stack([_batched(own, f, float(t), points, batch) for t, points in zip(at, positions)])
    tensors: dict[str, Array] = {"t": at, "x": np.stack(positions), "f": values, "xCoarse": coarse}
    if weights is not None:
        tensors["weights"] = np.asarray(_to_numpy(weights), dtype=np.float64)

    kept = tempfile.TemporaryDirectory(prefix="consistency-pde-")
    path = Path(kept.name, "trajectories.safetensors")
    save_file({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}, path)
    arguments = ["score", "--trajectories", str(path)]
    return measurement(run(words, arguments), Kept(kept, words, arguments))


def _problem_file(problem: Mapping[str, Any] | str | Path, folder: Path) -> Path:
    if isinstance(problem, (str, Path)):
        return Path(problem)
    path = folder / "problem.json"
    path.write_text(json.dumps(problem), encoding="utf-8")
    return path


def _maps(own: Framework, f: MapFunction, words: Sequence[str], shared: Sequence[str], folder: Path, batch: int) -> list[str]:
    """f at the points of the error maps, for the page of the result; they do not depend on the sample."""
    grid, values = folder / "grid.npy", folder / "grid-values.npy"
    few = [*shared, "--samples", "2", "--intervals", "8", "--out", str(folder / "few.npy")]
    run(words, ["points", *few, "--grid", str(grid)])
    p = np.load(grid)
    found = np.empty_like(p[:, 1:])
    times, first = np.unique(p[:, 0], return_index=True)
    for time, start, end in zip(times, first, [*first[1:], len(p)]):
        found[start:end] = _batched(own, f, float(time), p[start:end, 1:], batch)
    np.save(values, found)
    return ["--grid-values", str(values)]


def _evaluate(
    own: Framework, f: MapFunction, points: Array, directions: Array, samples: int, batch: int, tangents: bool | None
) -> tuple[Array, Array | None]:
    """Values at all points, and tangents where they are wanted and f has them."""
    rows = [(float(points[i, 0]), slice(i, i + samples)) for i in range(0, len(points), samples)]
    if tangents is None:
        tangents = _has_tangents(own, f, points, directions)
    values = np.empty_like(points[:, 1:])
    slopes = np.empty_like(values) if tangents else None
    for time, part in rows:
        for i in range(part.start, min(part.stop, len(points)), batch):
            piece = slice(i, min(i + batch, part.stop))
            x = points[piece, 1:]
            if slopes is None:
                values[piece] = own.call(f, time, x)
            else:
                g = directions[piece]
                values[piece], slopes[piece] = own.jvp(f, time, x, float(g[0, 0]), g[:, 1:])
    return values, slopes


def _has_tangents(own: Framework, f: MapFunction, points: Array, directions: Array) -> bool:
    try:
        row = slice(len(points) - _PROBED_ROWS, len(points))
        own.jvp(f, float(points[-1, 0]), points[row, 1:], float(directions[-1, 0]), directions[row, 1:])
    except Exception:  # whatever the framework raises for a map that it cannot differentiate
        return False
    return True


def _velocity(
    guide: Framework, teacher: MapFunction, predicts: str, batch: int
) -> Callable[[float, Array], Array]:
    if predicts not in ("velocity", "denoiser"):
        raise ValueError(f"predicts is {predicts!r}; expected 'velocity' or 'denoiser'.")

    def velocity(t: float, x: Array) -> Array:
        out = _batched(guide, teacher, t, x, batch)
        return out if predicts == "velocity" else (x - out) / t

    return velocity


def _batched(own: Framework, f: MapFunction, time: float, x: Array, batch: int) -> Array:
    return np.concatenate([own.call(f, time, x[i : i + batch]) for i in range(0, len(x), batch)])


def _trajectories(
    velocity: Callable[[float, Array], Array], noise: Array, times: Array, steps: int, singular: bool
) -> list[Array]:
    """x at each time, ascending, by the classical Runge-Kutta method from the largest time down.

    ``singular``: the velocity (x - D)/t is 0/0 at t = 0, so the step that ends there is Euler's, which is D.
    """
    x: Array = np.asarray(noise, dtype=np.float64)
    found = [x]
    for upper, lower in zip(times[:0:-1], times[-2::-1]):
        h = (lower - upper) / steps
        for k in range(steps):
            t = upper + k * h
            k1 = velocity(t, x)
            if singular and k == steps - 1 and lower == 0:
                x = x + h * k1
                continue
            k2 = velocity(t + h / 2, x + h / 2 * k1)
            k3 = velocity(t + h / 2, x + h / 2 * k2)
            k4 = velocity(lower if k == steps - 1 else t + h, x + h * k3)
            x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        found.append(x)
    return found[::-1]


def _to_numpy(values: Any) -> Any:
    """An array of any framework in the memory of this process."""
    return values.detach().cpu().numpy() if hasattr(values, "detach") else np.asarray(values)
