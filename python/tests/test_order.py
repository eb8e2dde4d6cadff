"""Maps that take the points first, or make whole numbers of their times."""

from __future__ import annotations

import functools
import warnings

import numpy as np
import pytest
from conftest import MEAN as CENTRE
from conftest import gaussian_of

from consistency_pde import measure, measure_against, measure_pairs

MEAN = np.array(CENTRE)
LINE = gaussian_of(CENTRE[:1])


def points_first(x, t):
    return MEAN + 2 * (x - MEAN) / np.sqrt(4 + t * t)


def unnamed(a, b):
    return points_first(a, b)


def on_the_line(a, b):
    """With t of shape [n, 1] nothing but the values tells the two apart."""
    return 1 + 2 * (a - 1) / np.sqrt(4 + b * b)


class Callable:
    def __call__(self, sample, timestep):
        return points_first(sample, timestep)


@pytest.mark.parametrize(
    ("f", "taken"),
    [
        (points_first, "x, t"),
        (lambda xt, sigma: points_first(xt, sigma), "xt, sigma"),
        (Callable(), "sample, timestep"),
        (functools.partial(lambda x, t, label: points_first(x, t), label=3), "x, t"),
    ],
)
def test_the_names_of_its_parameters_say_it(gaussian, f, taken):
    said = rf"^f takes \({taken}\), the points first; expected f\(t, x\), as in `lambda t, x: f\(x, t\)`\.$"
    with pytest.raises(ValueError, match=said):
        measure(f, gaussian, 5.0, samples=64)
    with pytest.raises(ValueError, match=said):
        measure_against(f, lambda t, x: x, np.ones((8, 3)), [0.0, 1.0])
    with pytest.raises(ValueError, match=rf"^teacher takes \({taken}\)"):
        measure_against(lambda t, x: x, f, np.ones((8, 3)), [0.0, 1.0])


@pytest.mark.parametrize(("f", "problem"), [(unnamed, gaussian_of(CENTRE)), (on_the_line, LINE), (np.vectorize(on_the_line), LINE)])
def test_so_do_its_values_where_f_is_x(f, problem):
    said = r"^f gives x back at time 0, as it should, with the points first only; expected f\(t, x\), as in `lambda t, x: f\(x, t\)`\.$"
    with pytest.raises(ValueError, match=said):
        measure(f, problem, 5.0, samples=64)
    with pytest.raises(ValueError, match=r"^f gives x back at time 0.0"):
        measure(f, problem, 5.0, samples=64, start=0.01)
    z = np.random.default_rng(0).standard_normal((64, len(problem["data"]["mean"])))
    with pytest.raises(ValueError, match="^f gives x back at time 0"):
        measure_against(f, lambda t, x: t * x / (1 + t * t), z, [0.0, 1.0, 5.0])
    with pytest.raises(ValueError, match="^teacher gives x back at time 0"):
        measure_against(lambda t, x: x, lambda a, b: f(a, b), z, [0.0, 1.0], predicts="denoiser")


def test_maps_of_two_times():
    def flow(a, b, c):
        return 1 + np.sqrt((4 + c * c) / (4 + b * b)) * (a - 1)

    with pytest.raises(ValueError, match=r"^f gives x back at time 5.*`lambda t, u, x: f\(x, t, u\)`\.$"):
        measure_pairs(flow, LINE, 5.0, samples=64, times=[1.0, 5.0])
    with pytest.raises(ValueError, match=r"^f takes \(x, t, r\), the points first; expected f\(t, u, x\)"):
        measure_pairs(lambda x, t, r: flow(x, t, r), LINE, 5.0, samples=64)
    # undefined from a time to itself, as a mean velocity may be
    right = lambda t, u, x: x - (t - u) * ((x - flow(x, t, u)) / (t - u))
    with np.errstate(invalid="ignore"):
        assert measure_pairs(right, LINE, 5.0, samples=64, times=[1.0, 5.0]).error < 1e-8


def test_a_map_that_is_wrong_in_another_way_is_measured():
    off = lambda t, x: 7 * x + 40
    assert measure(off, LINE, 5.0, samples=64).error > 1
    assert measure(lambda t, x: 0 * x, LINE, 5.0, samples=64, intervals=8, tangents=False).error > 0.4


def test_whole_numbers_made_of_times_are_warned_of():
    rounded = lambda t, x: 1 + 2 * (x - 1) / np.sqrt(4 + np.floor(t) ** 2)
    with pytest.warns(UserWarning, match=r"^f has the same values at the times .*times=range\(T \+ 1\)\.$"):
        measure(rounded, LINE, 5.0, samples=64)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        measure(rounded, LINE, 5.0, samples=64, times=range(6))
        measure(lambda t, x: on_the_line(x, t), LINE, 5.0, samples=64)


def test_torch_modules_and_half_precision():
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):
        def forward(self, x, t):
            return 1 + 2 * (x - 1) / torch.sqrt(4 + t * t)

    class Wrapped(torch.nn.Module):
        def forward(self, *given):
            return Net().forward(*given)

    with pytest.raises(ValueError, match=r"^f takes \(x, t\)"):
        measure(Net(), LINE, 5.0, samples=64)
    with pytest.raises(ValueError, match="^f gives x back at time 0"):
        measure(Wrapped(), LINE, 5.0, samples=64)
    net = Net()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert measure(lambda t, x: net(x, t), LINE, 5.0, samples=64, dtype=torch.bfloat16, tangents=False).error < 0.1


def test_functions_of_jax():
    jax = pytest.importorskip("jax")
    f = jax.jit(lambda x, t: 1 + 2 * (x - 1) / jax.numpy.sqrt(4 + t * t))
    with pytest.raises(ValueError, match=r"^f takes \(x, t\)"):
        measure(f, LINE, 5.0, samples=64)
    with pytest.raises(ValueError, match="^f gives x back at time 0"):
        measure(jax.jit(lambda *given: f(*given)), LINE, 5.0, samples=64, framework="jax")
