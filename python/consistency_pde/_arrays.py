"""Calls a user's map with arrays of the framework it is written in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
FrameworkName = Literal["numpy", "torch", "jax"]
TimeShape = Literal["broadcast", "vector", "scalar"]

MapFunction = Callable[[Any, Any], Any]
PairFunction = Callable[[Any, Any, Any], Any]


# rows on which a map is tried, and how far two evaluations of it may differ by rounding, in 16 bits too
_PROBED = 16
_ROUNDING = 0.02


class Framework:
    """Conversions and Jacobian-vector products of one framework, for one map."""

    name: FrameworkName = "numpy"

    def __init__(self, time_shape: TimeShape) -> None:
        self._time_shape = time_shape

    def to(self, values: Any) -> Any:
        return np.asarray(values, dtype=np.float64)

    def back(self, values: Any) -> Array:
        return np.asarray(values)

    def call(self, f: MapFunction, time: float, x: Array) -> Array:
        """f(t, x), [n, ...], of one time."""
        own = self.to(x)
        return self._checked(self.back(f(self.times(time, own), own)), x)

    def times(self, time: float, x: Any) -> Any:
        """t as the map takes it: [n, 1, ...], [n], or one number."""
        n, axes = len(x), len(x.shape) - 1
        shape = {"broadcast": (n, *(1,) * axes), "vector": (n,), "scalar": ()}[self._time_shape]
        return self.to(np.full(shape, time))

    def jvp(self, f: MapFunction, time: float, x: Array, dt: float, dx: Array) -> tuple[Array, Array]:
        """f and its derivative along (dt, dx), both [n, ...]. Raises where the framework or the map has none."""
        raise NotImplementedError("NumPy has no derivatives")

    def _checked(self, values: Array, x: Array) -> Array:
        if values.shape != x.shape:
            raise ValueError(f"f returned the shape {list(values.shape)} for x of shape {list(x.shape)}; expected the same shape.")
        if not np.all(np.isfinite(values)):
            raise ValueError(f"f returned {values[~np.isfinite(values)][0]} for {_bad_rows(values)} of {len(values)} points; expected numbers.")
        return values


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

    def to(self, values: Any) -> Any:
        if self._torch.is_tensor(values):
            return values.to(device=self._device, dtype=self._dtype)
        return self._torch.as_tensor(np.ascontiguousarray(values), dtype=self._dtype, device=self._device)

    def back(self, values: Any) -> Array:
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
        return self._checked(self.back(value), x), self._checked(self.back(tangent), x)


class Jax(Framework):
    name = "jax"

    def __init__(self, time_shape: TimeShape, dtype: Any) -> None:
        super().__init__(time_shape)
        import jax
        import jax.numpy as jnp

        self._jax = jax
        self._jnp = jnp
        self._dtype = dtype if dtype is not None else jnp.asarray(0.0).dtype

    def to(self, values: Any) -> Any:
        return self._jnp.asarray(values, dtype=self._dtype)

    def jvp(self, f: MapFunction, time: float, x: Array, dt: float, dx: Array) -> tuple[Array, Array]:
        own = self.to(x)
        t = self.times(time, own)
        value, tangent = self._jax.jvp(f, (t, own), (self._jnp.full_like(t, dt), self.to(dx)))
        return self._checked(self.back(value), x), self._checked(self.back(tangent), x)


def framework_of(
    f: MapFunction,
    x: Array,
    time: float,
    time_shape: TimeShape,
    name: FrameworkName | None,
    device: Any,
    dtype: Any,
) -> Framework:
    """The framework that f is written in: the one named, else the first of those loaded in which f runs on a row of x.

    Raises TypeError with what each said where f runs in none, and ValueError for a map that does not give every row its own value.
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
    if name is not None:
        framework = makers[name]()
        _check_rows(framework, f, time, x)
        return framework
    said = []
    for candidate, make in makers.items():
        if candidate != "numpy" and candidate not in sys.modules:
            continue
        framework = make()
        try:
            framework.call(f, time, x[:1])
        except Exception as error:  # whatever the map raises on arrays that are not its own
            said.append(f"{candidate}: {error}")
            continue
        _check_rows(framework, f, time, x)
        return framework
    raise TypeError(
        f"f(t, x) runs in none of the frameworks that are loaded, for t of shape {_shape_of_time(time_shape, x)} and x of shape "
        f"{[1, *x.shape[1:]]} ({'; '.join(said)}). Another time_shape gives t as [n] or as a number; where f takes other arguments or "
        "images, give `lambda t, x: ...`."
    )


def _shape_of_time(time_shape: TimeShape, x: Array) -> list[int]:
    return {"broadcast": [1] * x.ndim, "vector": [1], "scalar": []}[time_shape]


def _check_rows(framework: Framework, f: MapFunction, time: float, x: Array) -> None:
    """A map in training mode is another one at every call (dropout), or mixes its rows (batch normalisation)."""
    few = x[:_PROBED]
    first, again = framework.call(f, time, few), framework.call(f, time, few)
    alone = np.concatenate([framework.call(f, time, few[i : i + 1]) for i in range(min(2, len(few)))])
    size = float(np.max(np.abs(first)))
    for what, other, whole in (("the same points again", again, first), ("a point alone", alone, first[: len(alone)])):
        off = float(np.max(np.abs(whole - other)))
        if off > _ROUNDING * size:
            raise ValueError(
                f"f gives {what} another value, {off:.2g} away where values are up to {size:.2g}. A network with dropout or batch "
                "normalisation has to be in evaluation mode: model.eval()."
            )


def in_batches(own: Framework, f: MapFunction, time: float, x: Array, batch: int) -> Array:
    """f at one time, so many points at once."""
    return np.concatenate([own.call(f, time, x[i : i + batch]) for i in range(0, len(x), batch)])


def to_numpy(values: Any) -> Any:
    """An array of any framework in the memory of this process."""
    return values.detach().cpu().numpy() if hasattr(values, "detach") else np.asarray(values)
