"""The same maps in PyTorch and JAX, with their derivatives, where these are installed."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import MEAN

from consistency_pde import measure, measure_against


def planted(t, x, mean, root):
    """The true map of N(m, 4 I), off by 0.1 t."""
    return mean + 2 * (x - mean) / root(4 + t * t) + 0.1 * t


def test_torch(gaussian):
    torch = pytest.importorskip("torch")

    class Map(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.mean = torch.nn.Parameter(torch.tensor(MEAN, dtype=torch.float64))

        def forward(self, t, x):
            return planted(t, x, self.mean, torch.sqrt)

    result = measure(Map(), gaussian, 5.0, samples=256)
    assert result.error == pytest.approx(0.25, rel=1e-6)
    # tangents were taken: nothing is left of differences
    assert result.record["derivativeError"] is None
    assert result.record["estimate"] == pytest.approx(0.25, rel=1e-3)
    without = measure(Map(), gaussian, 5.0, samples=256, tangents=False)
    assert without.record["derivativeError"] is not None

    z = torch.as_tensor(MEAN) + 29**0.5 * torch.randn(256, 3, generator=torch.Generator().manual_seed(0))
    mean = torch.tensor(MEAN)
    against = measure_against(
        lambda t, x: planted(t, x, mean, torch.sqrt),
        lambda t, x: t * (x - mean) / (4 + t * t),
        z,
        torch.linspace(0, 5, 17),
    )
    assert against.error == pytest.approx(0.25, rel=0.1)
    assert against.record["solverError"] < 1e-3


def test_torch_in_training_mode_and_values_that_are_no_real_numbers(gaussian):
    torch = pytest.importorskip("torch")
    net = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.BatchNorm1d(3))
    with pytest.raises(ValueError, match=r"f runs for 16 points and not for one .*model\.eval\(\)"):
        measure(lambda t, x: net(x), gaussian, 5.0, samples=64)
    with pytest.raises(ValueError, match="f returned values of torch.complex"):
        measure(lambda t, x: x * torch.complex(t, t), gaussian, 5.0, samples=64)
    # a module is PyTorch's, whatever else is loaded
    with pytest.raises(TypeError, match=r"\(torch\)\. Another"):
        measure(torch.nn.Linear(2, 3), gaussian, 5.0, samples=64)


def test_a_derivative_that_is_not_finite_is_left_to_differences(gaussian):
    torch = pytest.importorskip("torch")
    mean = torch.tensor(MEAN)

    def with_root(t, x):
        return planted(t, x, mean, torch.sqrt) + 0 * torch.sqrt(t)

    result = measure(with_root, gaussian, 5.0, samples=64)
    assert result.error == pytest.approx(0.25, rel=1e-4)
    assert result.record["derivativeError"] is not None
    with pytest.raises(ValueError, match="the derivative of f is not finite for 64 of 64 points"):
        measure(with_root, gaussian, 5.0, samples=64, tangents=True)


def test_jax(gaussian):
    pytest.importorskip("jax")
    import jax.numpy as jnp

    mean = np.array(MEAN)
    result = measure(lambda t, x: planted(t, x, mean, jnp.sqrt), gaussian, 5.0, samples=256, framework="jax")
    assert result.error == pytest.approx(0.25, rel=1e-4)
    assert result.record["derivativeError"] is None
