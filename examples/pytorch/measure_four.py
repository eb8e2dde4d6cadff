"""The four networks of architectures.py measured from Python, a few lines each, beside what DOP853 finds of other points.

    python architectures.py --out networks
    python measure_four.py --out networks
"""

import argparse
import json
import math
import sys
from pathlib import Path

import torch
from architectures import CASES

from consistency_pde import measure


def edm(net, problem):
    return measure(net, problem, 80.0, time_shape="vector")


def meanflow(net, problem):
    return measure(lambda t, x: x - t * net(x, t, 0 * t), problem, 0.99)


def cosine(net, problem):
    return measure(net, problem, 48, times=range(1, 49), time_shape="vector")


def digits(net, problem):
    def f(t, x):
        return net(t, x.reshape(-1, 1, 8, 8)).flatten(1)

    return measure(f, problem, 10.0, time_shape="vector", samples=256, intervals=16)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("networks"))
    out = parser.parse_args().out
    wrong = False
    for map_of in (edm, meanflow, cosine, digits):
        name = map_of.__name__
        net = CASES[name]["net"]().eval()
        net.load_state_dict(torch.load(out / name / "state.pt"))
        result = map_of(net, out / name / "problem.json")
        reference = json.loads((out / name / "reference.json").read_text())
        low, high = result.interval
        deviation = math.hypot(reference["standardError"], (high - low) / 3.92)
        wrong = wrong or abs(result.error - reference["error"]) > 3.5 * deviation
        print(f"{name}: {result}; DOP853 {reference['error']:.3g} ± {reference['standardError']:.2g}")
    sys.exit(wrong)
