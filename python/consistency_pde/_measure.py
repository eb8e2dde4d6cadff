"""`measure` and `measure_pairs`: how far a map is from the true one of a problem."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ._arrays import Array, BadDerivative, Framework, FrameworkName, MapFunction, PairFunction, TimeShape, framework_of, in_batches, to_numpy
from ._command_line import find, run
from ._measurement import Folder, Kept, Measurement, measurement
from ._order import check_identity, check_names, warn_of_rounded_times

# rows on which a derivative is tried
_PROBED_ROWS = 2
# dimensions that have error maps
_MOST_MAPPED = 2


def measure(
    f: MapFunction,
    problem: Mapping[str, Any] | str | Path,
    time: float,
    *,
    samples: int = 4096,
    intervals: int = 64,
    start: float = 0.0,
    to: float = 0.0,
    times: Any = None,
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
    :param to: the time that f leads to, for models with f(sigma_min, x) = x
    :param times: ascending to T, in place of ``intervals`` and ``start``: times at which f is asked, such as integer steps; f is not
        differentiated then, and the bound is the sum of its increments
    :param tangents: whether f is differentiated by ``torch.func.jvp`` or ``jax.jvp``; tried unless given
    :param time_shape: t as an array [n, 1] that broadcasts against x, as a vector [n], or as one number
    :param batch: points that f gets at a time
    :raises CommandLineNotFound: with how to get the command line
    :raises CommandLineError: with the sentence of the command line on what is wrong with the problem
    :raises TypeError: for a map that runs in no framework that is loaded
    :raises ValueError: for a map that takes the points first, with values of another shape, or that are not the same for the same point

    >>> measure(lambda t, x: x / (1 + t * t) ** 0.5,
    ...     {"process": {"kind": "ve"}, "data": {"kind": "gaussian", "mean": [0.0], "covariance": [[1.0]]}},
    ...     5.0, samples=256).error < 1e-6
    True
    """
    words = find(command)
    kept = Folder()
    folder = kept.path
    shared = _shared(problem, time, folder, samples, seed, to, times)
    if times is None:
        shared += ["--intervals", str(intervals), "--start", repr(float(start))]
    names = [folder / f"{name}.npy" for name in ("points", "directions", "values", "tangents")]
    points, directions, values, slopes = names
    run(words, ["points", *shared, "--out", str(points), "--directions", str(directions)])
    p, g = np.load(points), np.load(directions)
    own = framework_of(f, p[-samples:, 1:], float(p[-1, 0]), time_shape, framework, device, dtype)
    check_identity(own, f, lambda t, x: f(x, t), float(p[0, 0]), p[:samples, 1:])
    if times is None:
        middle = len(p) // samples // 2 * samples
        warn_of_rounded_times(own, f, float(p[middle, 0]), p[middle : middle + samples, 1:])
    found, derivative = _evaluate(own, f, p, g, samples, batch, tangents if times is None else False)
    np.save(values, found)
    given = [*shared, "--values", str(values)]
    arguments = ["score", *given]
    if derivative is not None:
        np.save(slopes, derivative)
        arguments += ["--tangents", str(slopes)]
    # maps are those to time 0, at times of their own
    mapped = p.shape[1] <= _MOST_MAPPED + 1 and times is None and to == 0
    maps = _maps(own, f, words, shared, folder, batch) if mapped else []
    for name in (points, directions):
        name.unlink()
    return measurement(run(words, arguments), Kept(kept, words, arguments, maps, ["diagnose", *given]))


def measure_pairs(
    f: PairFunction,
    problem: Mapping[str, Any] | str | Path,
    time: float,
    *,
    samples: int = 1024,
    intervals: int = 8,
    to: float = 0.0,
    times: Any = None,
    seed: int = 0,
    time_shape: TimeShape = "broadcast",
    framework: FrameworkName | None = None,
    batch: int = 16_384,
    device: Any = None,
    dtype: Any = None,
    command: str | Sequence[str] | None = None,
) -> Measurement:
    """How far a map of two times, f(t, u, x) from time t to u, is from the flow: `Measurement.pairs` for all pairs, the rest to the earliest.

    Parameters are those of `measure`; u comes as t does. Its page has the errors by pair of times; one with error maps too is that of
    the map to time 0, by ``measure(lambda t, x: f(t, 0 * t, x), ...)``.

    >>> flow = lambda t, u, x: x * ((1 + u * u) / (1 + t * t)) ** 0.5
    >>> gaussian = {"process": {"kind": "ve"}, "data": {"kind": "gaussian", "mean": [0.0], "covariance": [[1.0]]}}
    >>> max(pair.error for pair in measure_pairs(flow, gaussian, 5.0, samples=256, times=[1.0, 5.0]).pairs) < 1e-6
    True
    """
    words = find(command)
    check_names(f, "f", "t, u, x")
    kept = Folder()
    folder = kept.path
    shared = [*_shared(problem, time, folder, samples, seed, to, times), "--pairs"]
    if times is None:
        shared += ["--intervals", str(intervals)]
    points, values = folder / "points.npy", folder / "values.npy"
    run(words, ["points", *shared, "--out", str(points)])
    p = np.load(points)
    parts = [p[i : i + samples] for i in range(0, len(p), samples)]
    own: Framework | None = None
    found = []
    for part in parts[::-1]:
        t, u, x = float(part[0, 0]), float(part[0, 1]), part[:, 2:]

        def to_u(at: Any, y: Any, u: float = u) -> Any:
            return f(at, at * 0 + u, y)

        if own is None:
            own = framework_of(to_u, x, t, time_shape, framework, device, dtype)
            check_identity(own, lambda at, y: f(at, at, y), lambda at, y: f(y, at, at), t, x, "t, u, x")
        found.append(in_batches(own, to_u, t, x, batch))
    np.save(values, np.concatenate(found[::-1]))
    arguments = ["score", *shared, "--values", str(values)]
    return measurement(run(words, arguments), Kept(kept, words, arguments))


def _shared(
    problem: Mapping[str, Any] | str | Path, time: float, folder: Path, samples: int, seed: int, to: float, times: Any
) -> list[str]:
    """What `points`, `score` and `diagnose` have to be told alike."""
    words = ["--problem", str(_problem_file(problem, folder)), "--time", repr(float(time)), "--samples", str(samples)]
    words += ["--seed", str(seed)]
    if to != 0:
        words += ["--to", repr(float(to))]
    if times is not None:
        np.save(folder / "times.npy", np.asarray(to_numpy(times), dtype=np.float64).reshape(-1, 1))
        words += ["--times", str(folder / "times.npy")]
    return words


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
        found[start:end] = in_batches(own, f, float(time), p[start:end, 1:], batch)
    np.save(values, found)
    return ["--grid-values", str(values)]


def _evaluate(
    own: Framework, f: MapFunction, points: Array, directions: Array, samples: int, batch: int, tangents: bool | None
) -> tuple[Array, Array | None]:
    """Values at all points, and tangents where f has them: at all points, unless they are wanted."""
    rows = [(float(points[i, 0]), slice(i, i + samples)) for i in range(0, len(points), samples)]
    wanted = bool(tangents)
    if tangents is None:
        tangents = _has_tangents(own, f, points, directions)
    values = np.empty_like(points[:, 1:])
    slopes = np.empty_like(values) if tangents else None
    for time, part in rows:
        for i in range(part.start, min(part.stop, len(points)), batch):
            piece = slice(i, min(i + batch, part.stop))
            x = points[piece, 1:]
            if slopes is not None:
                g = directions[piece]
                try:
                    values[piece], slopes[piece] = own.jvp(f, time, x, float(g[0, 0]), g[:, 1:])
                    continue
                except BadDerivative:
                    if wanted:
                        raise
                    slopes = None
            values[piece] = own.call(f, time, x)
    return values, slopes


def _has_tangents(own: Framework, f: MapFunction, points: Array, directions: Array) -> bool:
    try:
        row = slice(len(points) - _PROBED_ROWS, len(points))
        own.jvp(f, float(points[-1, 0]), points[row, 1:], float(directions[-1, 0]), directions[row, 1:])
    except Exception:  # whatever the framework raises for a map that it cannot differentiate
        return False
    return True
