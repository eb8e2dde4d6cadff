"""How far is a consistency model from the true map?

>>> from consistency_pde import measure
>>> gaussian = {"process": {"kind": "ve"}, "data": {"kind": "gaussian", "mean": [1.0], "covariance": [[4.0]]}}
>>> result = measure(lambda t, x: 1 + 2 * (x - 1) / (4 + t**2) ** 0.5, gaussian, 10.0, samples=512)
>>> result.error < 1e-6
True
"""

from ._against import Integration, measure_against
from ._command_line import CommandLineError, CommandLineNotFound
from ._measure import measure, measure_pairs
from ._measurement import ByTime, Measurement, Pair, Worst

__all__ = [
    "ByTime",
    "CommandLineError",
    "CommandLineNotFound",
    "Integration",
    "Measurement",
    "Pair",
    "Worst",
    "measure",
    "measure_against",
    "measure_pairs",
]
