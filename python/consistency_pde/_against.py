"""`measure_against`: how far a map is from the flow of a teacher, which is integrated here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from safetensors.numpy import save_file

from ._arrays import Array, Framework, FrameworkName, MapFunction, TimeShape, framework_of, in_batches, to_numpy
from ._command_line import find, run
from ._measurement import Folder, Kept, Measurement, measurement
from ._order import check_identity


@dataclass(frozen=True)
class Integration:
    """How `measure_against` integrates the teacher: classical Runge-Kutta, ``steps`` equal steps between two times.

    ``steps`` is even, because the same is done with half of them to see how far the solver is off.
    """

    steps: int = 4

    def __post_init__(self) -> None:
        if self.steps < 2 or self.steps % 2:
            raise ValueError(f"steps is {self.steps}; expected an even number of at least 2.")


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
    :raises ValueError: for times that do not ascend, steps that are odd, or a map or teacher that takes the points first

    >>> import numpy as np
    >>> z = 5.1 * np.random.default_rng(0).standard_normal((256, 1))
    >>> measure_against(lambda t, x: x / (1 + t * t) ** 0.5, lambda t, x: t * x / (1 + t * t), z, np.linspace(0, 5, 17)).error < 1e-4
    True
    """
    words = find(command)
    at = np.asarray(to_numpy(times), dtype=np.float64)
    if at.ndim != 1 or len(at) < 2 or np.any(np.diff(at) <= 0):
        raise ValueError("times are not ascending; expected at least two, that of the data first and that of the noise last.")
    x = np.asarray(to_numpy(noise))
    own = framework_of(f, x, float(at[-1]), time_shape, framework, device, dtype)
    guide = framework_of(teacher, x, float(at[-1]), time_shape, framework, device, dtype, called="teacher")
    if predicts == "denoiser":
        check_identity(guide, teacher, lambda t, y: teacher(y, t), float(at[0]), x)
    velocity = _velocity(guide, teacher, predicts, batch)
    singular = predicts == "denoiser" and at[0] == 0
    positions = _trajectories(velocity, x, at, integration.steps, singular)
    coarse = _trajectories(velocity, x, at, integration.steps // 2, singular)[0]
    check_identity(own, f, lambda t, y: f(y, t), float(at[0]), positions[0])
    values = np.stack([in_batches(own, f, float(t), points, batch) for t, points in zip(at, positions)])
    tensors: dict[str, Array] = {"t": at, "x": np.stack(positions), "f": values, "xCoarse": coarse}
    if weights is not None:
        tensors["weights"] = np.asarray(to_numpy(weights), dtype=np.float64)

    kept = Folder()
    path = kept.path / "trajectories.safetensors"
    save_file({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}, path)
    arguments = ["score", "--trajectories", str(path)]
    return measurement(run(words, arguments), Kept(kept, words, arguments))


def _velocity(
    guide: Framework, teacher: MapFunction, predicts: str, batch: int
) -> Callable[[float, Array], Array]:
    if predicts not in ("velocity", "denoiser"):
        raise ValueError(f"predicts is {predicts!r}; expected 'velocity' or 'denoiser'.")

    def velocity(t: float, x: Array) -> Array:
        out = in_batches(guide, teacher, t, x, batch)
        return out if predicts == "velocity" else (x - out) / t

    return velocity


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
