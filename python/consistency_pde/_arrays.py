"""Calls a user's map with arrays of the framework it is written in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ._order import check_names

Array = NDArray[np.floating[Any]]
FrameworkName = Literal["numpy", "torch", "jax"]
TimeShape = Literal["broadcast", "vector", "scalar"]

MapFunction = Callable[[Any, Any], Any]
PairFunction = Callable[[Any, Any, Any], Any]


# rows on which a map is tried
_PROBED = 16
# how far, relative to the largest value, two evaluations of the same points may differ, and that of a point alone, in 16 bits too
_SAME = 1e-5
_ALONE = 0.02


class BadValue(ValueError):
    """What a map returned is not what was expected of it; the message is one sentence."""


class BadDerivative(ValueError):
    """A derivative that is not finite, where values may be."""


class Framework:
    """Conversions and Jacobian-vector products of one framework, for one map."""

    name: FrameworkName = "numpy"
    #: what the map is called in messages
    called: str = "f"
    #: whether points and times have 16 bits
    half: bool = False

    def __init__(self, time_shape: TimeShape) -> None:
        self._time_shape = time_shape

    def to(self, values: Any) -> Any:
        """A copy: a map may change what it is given."""
        return np.array(values, dtype=np.float64)

    def back(self, values: Any) -> Array:
        """Raises BadValue for what is no array of real numbers."""
        try:
            array = np.asarray(values)
        except ValueError:
            array = np.asarray(None)
        if array.dtype.kind not in "fiu":
            what = f"values of {array.dtype}" if isinstance(values, np.ndarray) else f"an object of type {type(values).__name__}"
            raise BadValue(f"{self.called} returned {what}; expected an array of real numbers, of the shape of x.")
        return array

    def own(self, values: Any) -> bool:
        """Whether this is an array of the framework, or what may be made one."""
        return True

    def call(self, f: MapFunction, time: float, x: Array) -> Array:
        """f(t, x), [n, ...], of one time."""
        own = self.to(x)
        values = f(self.times(time, own), own)
        if not self.own(values):
            raise TypeError(f"it returned an object of type {type(values).__name__}")
        return self._checked(self.back(values), x)

    def times(self, time: float, x: Any) -> Any:
        """t as the map takes it: [n, 1, ...], [n], or one number."""
        return self.to(np.full(self.shape_of_time(x), time))

    def jvp(self, f: MapFunction, time: float, x: Array, dt: float, dx: Array) -> tuple[Array, Array]:
        """f and its derivative along (dt, dx), both [n, ...]. Raises where the framework or the map has none."""
        raise NotImplementedError("NumPy has no derivatives")

    def _checked(self, values: Array, x: Array) -> Array:
        if values.shape != x.shape:
            raise BadValue(
                f"{self.called} returned the shape {list(values.shape)} for x of shape {list(x.shape)} and t of shape "
                f"{self.shape_of_time(x)}; expected the shape of x. Another time_shape gives t as a vector or as a number."
            )
        if not np.all(np.isfinite(values)):
            bad = values[~np.isfinite(values)][0]
            raise BadValue(f"{self.called} returned {bad} for {_bad_rows(values)} of {len(values)} points; expected numbers.")
        return values

    def _finite(self, tangent: Array) -> Array:
        if not np.all(np.isfinite(tangent)):
            raise BadDerivative(
                f"the derivative of {self.called} is not finite for {_bad_rows(tangent)} of {len(tangent)} points; expected numbers, or "
                "tangents=False for differences of values."
            )
        return tangent

    def shape_of_time(self, x: Array) -> list[int]:
        n, axes = len(x), len(x.shape) - 1
        return list({"broadcast": (n, *(1,) * axes), "vector": (n,), "scalar": ()}[self._time_shape])


def _bad_rows(values: Array) -> int:
    return int(np.sum(~np.all(np.isfinite(values.reshape(len(values), -1)), axis=1)))


class Torch(Framework):
    name = "torch"

    def __init__(self, time_shape: TimeShape, f: MapFunction, device: Any, dtype: Any) -> None:
        super().__init__(time_shape)
        import torch

        self._torch = torch
        parameter = next(f.parameters(), None) if isinstance(f, torch.nn.Module) else None
        self._device = device if device is not None else getattr(parameter, "device", "cpu")
        self._dtype = dtype if dtype is not None else getattr(parameter, "dtype", torch.float32)
        self.half = self._dtype.itemsize < 4

    def to(self, values: Any) -> Any:
        if self._torch.is_tensor(values):
            return values.to(device=self._device, dtype=self._dtype, copy=True)
        return self._torch.tensor(np.ascontiguousarray(values), dtype=self._dtype, device=self._device)

    def own(self, values: Any) -> bool:
        return bool(self._torch.is_tensor(values))

    def back(self, values: Any) -> Array:
        if values.is_complex() or values.dtype == self._torch.bool:
            raise BadValue(f"{self.called} returned values of {values.dtype}; expected an array of real numbers, of the shape of x.")
        array: Array = values.detach().to("cpu", self._torch.float64).numpy()
        return array

    def call(self, f: MapFunction, time: float, x: Array) -> Array:
        with self._torch.no_grad():
            return super().call(f, time, x)

    def jvp(self, f: MapFunction, time: float, x: Array, dt: float, dx: Array) -> tuple[Array, Array]:
        own = self.to(x)
        t = self.times(time, own)
        with self._torch.no_grad():
            value, tangent = self._torch.func.jvp(f, (t, own), (self._torch.full_like(t, dt), self.to(dx)))
        return self._checked(self.back(value), x), self._finite(self.back(tangent))


class Jax(Framework):
    name = "jax"

    def __init__(self, time_shape: TimeShape, dtype: Any) -> None:
        super().__init__(time_shape)
        import jax
        import jax.numpy as jnp

        self._jax = jax
        self._jnp = jnp
        self._dtype = dtype if dtype is not None else jnp.asarray(0.0).dtype
        self.half = jnp.dtype(self._dtype).itemsize < 4

    def to(self, values: Any) -> Any:
        return self._jnp.asarray(values, dtype=self._dtype)

    def jvp(self, f: MapFunction, time: float, x: Array, dt: float, dx: Array) -> tuple[Array, Array]:
        own = self.to(x)
        t = self.times(time, own)
        value, tangent = self._jax.jvp(f, (t, own), (self._jnp.full_like(t, dt), self.to(dx)))
        return self._checked(self.back(value), x), self._finite(self.back(tangent))


def framework_of(
    f: MapFunction,
    x: Array,
    time: float,
    time_shape: TimeShape,
    name: FrameworkName | None,
    device: Any,
    dtype: Any,
    called: str = "f",
) -> Framework:
    """The framework that f is written in: the one named, else the first of those loaded in which f runs on rows of x.

    Raises TypeError with what f raised where it runs in none, and ValueError for a map that does not give every row its own value.
    """
    makers: dict[FrameworkName, Callable[[], Framework]] = {
        "torch": lambda: Torch(time_shape, f, device, dtype),
        "jax": lambda: Jax(time_shape, dtype),
        "numpy": lambda: Framework(time_shape),
    }
    if time_shape not in get_args(TimeShape):
        raise ValueError(f"time_shape is {time_shape!r}; expected one of {', '.join(get_args(TimeShape))}.")
    if name is not None and name not in makers:
        raise ValueError(f"framework is {name!r}; expected one of {', '.join(makers)}.")
    if not callable(f):
        raise TypeError(f"{called} is of type {type(f).__name__}; expected a function of t and x.")
    check_names(f, called)
    if name is None and _is_torch_module(f):
        name = "torch"
    few = x[:_PROBED]
    said: dict[str, list[str]] = {}
    for candidate, make in makers.items():
        if name != candidate and (name is not None or (candidate != "numpy" and candidate not in sys.modules)):
            continue
        framework = make()
        framework.called = called
        try:
            first = framework.call(f, time, few)
        except BadValue:
            raise
        except Exception as error:  # whatever the map raises on arrays that are not its own
            said.setdefault(_in_a_line(error), []).append(candidate)
            continue
        _check_rows(framework, f, time, few, first)
        return framework
    reasons = "; ".join(f"{reason} ({', '.join(tried)})" for reason, tried in said.items())
    raise TypeError(
        f"{called} does not run for t of shape {framework.shape_of_time(few)} and x of shape {list(few.shape)}: {reasons}. "
        "Another time_shape gives t as a vector or as a number; where it takes other arguments or images, give `lambda t, x: ...`."
    )


def _is_torch_module(f: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(f, torch.nn.Module)


def _in_a_line(error: Exception) -> str:
    """The first line of what an error says, with its kind."""
    text = str(error).strip().split("\n")[0].rstrip(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _check_rows(framework: Framework, f: MapFunction, time: float, few: Array, first: Array) -> None:
    """A map in training mode is another one at every call (dropout), or mixes its rows (batch normalisation)."""
    advice = "A network with dropout or batch normalisation has to be in evaluation mode: model.eval()."
    again = framework.call(f, time, few)
    try:
        alone = np.concatenate([framework.call(f, time, few[i : i + 1]) for i in range(min(2, len(few)))])
    except Exception as error:  # batch normalisation in training mode refuses a batch of one
        raise ValueError(f"{framework.called} runs for {len(few)} points and not for one ({_in_a_line(error)}). {advice}") from error
    size = float(np.max(np.abs(first)))
    for what, other, whole, rounding in (("the same points again", again, first, _SAME), ("a point alone", alone, first[: len(alone)], _ALONE)):
        off = float(np.max(np.abs(whole - other)))
        if off > rounding * size:
            raise ValueError(f"{framework.called} gives {what} another value, {off:.2g} away where values are up to {size:.2g}. {advice}")


def in_batches(own: Framework, f: MapFunction, time: float, x: Array, batch: int) -> Array:
    """f at one time, so many points at once."""
    return np.concatenate([own.call(f, time, x[i : i + batch]) for i in range(0, len(x), batch)])


def to_numpy(values: Any) -> Any:
    """An array of any framework in the memory of this process."""
    return values.detach().cpu().numpy() if hasattr(values, "detach") else np.asarray(values)
