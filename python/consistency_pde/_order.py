"""Whether a map takes its arguments in the order, and its time with the digits, that it is called with."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ._arrays import Array, Framework

# what the points and the time are called in models of the field, as first and second argument; one letter that is either is neither
_POINTS = {"x", "xs", "xt", "xn", "x_t", "x_n", "x0", "z", "zt", "z_t", "y", "yt", "y_t", "sample", "samples", "noisy", "noised", "noise"}
_POINTS |= {"image", "images", "img", "imgs", "latent", "latents", "data", "state", "points", "position", "positions", "input", "inputs"}
_TIMES = {"t", "ts", "tt", "time", "times", "timestep", "timesteps", "time_step", "step", "steps", "sigma", "sigmas", "sig", "tau"}
_TIMES |= {"noise_level", "noise_levels", "noise_labels", "s", "r", "u"}

# rows that are looked at
_ROWS = 16
# how far from x, relative to its spread, values are that are not x, and at most where they are
_FAR = 0.5
_NEAR = 0.05
# by how much two times differ that a map is to tell apart
_BIT = 1e-4


def check_names(f: Any, called: str, order: str = "t, x") -> None:
    """Raises ValueError where the names of the parameters say that f takes the points first."""
    names = _parameters(f)
    if len(names) < 2 or names[0].lower() not in _POINTS or names[1].lower() not in _TIMES:
        return
    taken = ", ".join(names[: len(order.split(", "))])
    raise ValueError(f"{called} takes ({taken}), the points first; {_expected(called, order)}")


def _expected(called: str, order: str) -> str:
    *times, x = order.split(", ")
    return f"expected {called}({order}), as in `lambda {order}: {called}({', '.join([x, *times])})`."


def _parameters(f: Any) -> list[str]:
    """Names of the positional parameters; none where they cannot be known."""
    called = getattr(f, "forward", f) if hasattr(f, "parameters") else f
    try:
        parameters = inspect.signature(called).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def check_identity(
    own: Framework,
    straight: Callable[[Any, Any], Any],
    swapped: Callable[[Any, Any], Any],
    time: float,
    x: Array,
    order: str = "t, x",
) -> None:
    """Raises ValueError where a map that should be x at this time is not, and is with the points as its first argument.

    ``straight`` and ``swapped`` get t and x, and call the map as it is to be called and with the points first. The second is asked only
    where the first is far from x: strange arguments may do harm.
    """
    few = x[:_ROWS]
    spread = float(np.sqrt(np.mean((few - few.mean(axis=0)) ** 2)))
    if not spread > 0:
        return

    def off(f: Callable[[Any, Any], Any]) -> float:
        return float(np.sqrt(np.mean((own.call(f, time, few) - few) ** 2))) / spread

    try:
        if off(straight) < _FAR or off(swapped) > _NEAR:
            return
    except Exception:  # whatever a map raises where it is not defined, or for arguments that are not its own
        return
    raise ValueError(f"{own.called} gives x back at time {time:.3g}, as it should, with the points first only; {_expected(own.called, order)}")


def warn_of_rounded_times(own: Framework, f: Callable[[Any, Any], Any], time: float, x: Array) -> None:
    """Warns where f does not tell two near times apart: it makes integers of its times, or does not use them."""
    few = x[:_ROWS]
    near = time * (1 + _BIT)
    if own.half or not np.array_equal(own.call(f, time, few), own.call(f, near, few)):
        return
    warnings.warn(
        f"{own.called} has the same values at the times {time:.6g} and {near:.6g}: it does not use its time, or makes a whole number of it; "
        "where it knows integer steps only, give them as times=range(T + 1).",
        stacklevel=3,
    )
