"""Consistency distillation of a mixture of three Gaussians in the plane, in PyTorch (arXiv 2303.01469), and the network written in the
three ways that consistency-pde reads: safetensors with a description, ONNX, and values at given points.

    python train_cd.py --out network --seconds 60
    python train_cd.py --out network --points points.npy      # after `consistency-pde points`
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

WEIGHTS = torch.tensor([0.5, 0.3, 0.2])
MEANS = torch.tensor([[-2.0, 0.0], [2.0, 1.0], [0.0, 2.5]])
STDS = torch.tensor([0.5, 0.4, 0.6])
T, T_MIN, C, WIDTH, LAYERS, N = 10.0, 0.002, 2.0, 128, 4, 32


class Net(nn.Module):
    """f(t, x) = c_skip x + c_out F(log(t)/4, c_in x): the parametrisation of EDM, with f(T_MIN, x) = x."""

    def __init__(self):
        super().__init__()
        sizes = [3] + [WIDTH] * LAYERS
        hidden = [layer for a, b in zip(sizes, sizes[1:]) for layer in (nn.Linear(a, b), nn.SiLU())]
        self.net = nn.Sequential(*hidden, nn.Linear(WIDTH, 2))

    def forward(self, t, x):
        u, r = t - T_MIN, torch.sqrt(t * t + C * C)
        F = self.net(torch.cat([torch.log(t) / 4, x / r], dim=1))
        return C * C / (u * u + C * C) * x + C * u / r * F


class Dual(nn.Module):
    """(t, x, dx) to f and its derivative along (1, dx), by rules of the chain: a graph that ONNX can hold."""

    def __init__(self, f):
        super().__init__()
        self.f = f

    def forward(self, t, x, dx):
        u, r = t - T_MIN, torch.sqrt(t * t + C * C)
        h = torch.cat([torch.log(t) / 4, x / r], dim=1)
        dh = torch.cat([0.25 / t, dx / r - x * t / r**3], dim=1)
        for layer in self.f.net:
            if isinstance(layer, nn.Linear):
                h, dh = layer(h), dh @ layer.weight.T
            else:
                s = torch.sigmoid(h)
                h, dh = h * s, dh * (s + h * s * (1 - s))
        q = u * u + C * C
        skip, out = C * C / q, C * u / r
        dskip, dout = -2 * u * C * C / q**2, C / r - C * u * t / r**3
        return skip * x + out * h, dskip * x + skip * dx + dout * h + out * dh


def denoiser(t, x):
    """E[X0 | Xt = x] of the mixture, exactly."""
    v = STDS**2 + t * t
    far = ((x[:, None] - MEANS) ** 2).sum(-1)
    p = torch.softmax(torch.log(WEIGHTS) - torch.log(v) - far / (2 * v), dim=1)
    best = MEANS + (STDS**2 / v)[..., None] * (x[:, None] - MEANS)
    return (p[..., None] * best).sum(1)


def sample(n):
    k = torch.multinomial(WEIGHTS, n, replacement=True)
    return MEANS[k] + STDS[k, None] * torch.randn(n, 2)


def train(seconds):
    f, average = Net(), Net()
    average.load_state_dict(f.state_dict())
    optimiser = torch.optim.Adam(f.parameters(), lr=2e-3)
    angles = torch.linspace(np.arctan(T_MIN / C), np.arctan(T / C), N + 1)
    times = C * torch.tan(angles)
    start, step = time.time(), 0
    while time.time() - start < seconds:
        share = (time.time() - start) / seconds
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * (1 + np.cos(np.pi * share)) / 2 + 1e-6
        n = torch.randint(N, (512, 1))
        low, high = times[n], times[n + 1]
        x = sample(512) + high * torch.randn(512, 2)
        with torch.no_grad():  # one step of Heun down the probability-flow ODE
            a = (x - denoiser(high, x)) / high
            guess = x + (low - high) * a
            below = x + (low - high) * (a + (guess - denoiser(low, guess)) / low) / 2
            target = f(low, below)
        loss = ((f(high, x) - target) ** 2).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        with torch.no_grad():
            for p, q in zip(average.parameters(), f.parameters()):
                p.lerp_(q, max(0.002, 5 / (step + 5)))
        step += 1
    print(f"{step} steps, last loss {loss.item():.2e}")
    return average


def write(f, folder):
    folder.mkdir(parents=True, exist_ok=True)
    save_file(f.state_dict(), folder / "weights.safetensors")
    t = torch.tensor([[0.01], [0.5], [3.0], [T]])
    x = torch.tensor([[-2.1, 0.1], [1.0, 2.0], [-1.0, 0.5], [8.0, -3.0]])
    with torch.no_grad():
        check = {"t": t[:, 0].tolist(), "x": x.tolist(), "f": f(t, x).tolist()}
    shared = {"format": "consistency-pde network", "formatVersion": 1, "dimension": 2, "check": check}
    names = [name for name, module in f.named_modules() if isinstance(module, nn.Linear)]
    description = {
        **shared,
        "kind": "mlp",
        "name": "pytorch",
        "weights": "weights.safetensors",
        "inputs": ["log(t)/4", "x"],
        "layers": [
            {"weight": f"{k}.weight", "bias": f"{k}.bias", "activation": "silu" if k != names[-1] else "identity"}
            for k in names
        ],
        "output": {"kind": "edm", "sigmaData": C, "sigmaMin": T_MIN},
    }
    (folder / "network.json").write_text(json.dumps(description, indent=2))
    rows = {name: {0: "n"} for name in ("t", "x", "dx", "f", "df")}
    torch.onnx.export(f, (t, x), folder / "f.onnx", input_names=["t", "x"], output_names=["f"],
                      dynamic_axes={k: rows[k] for k in ("t", "x", "f")}, dynamo=False)
    torch.onnx.export(Dual(f), (t, x, x), folder / "dual.onnx", input_names=["t", "x", "dx"],
                      output_names=["f", "df"], dynamic_axes=rows, dynamo=False)
    onnx = {**shared, "kind": "onnx", "start": T_MIN, "graph": "f.onnx"}
    (folder / "onnx.json").write_text(json.dumps({**onnx, "name": "onnx"}, indent=2))
    (folder / "dual.json").write_text(json.dumps({**onnx, "name": "onnx-dual", "dual": "dual.onnx"}, indent=2))


def evaluate(f, points, values):
    """What `consistency-pde score` needs of a network in any framework: f(t, x), a row for each row (t, x)."""
    p = torch.tensor(np.load(points), dtype=torch.float32)
    with torch.no_grad():
        np.save(values, f(p[:, :1], p[:, 1:]).numpy())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("network"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--points", type=Path)
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    if options.points:
        f = Net()
        f.load_state_dict(torch.load(options.out / "state.pt"))
        evaluate(f, options.points, options.out / "values.npy")
    else:
        f = train(options.seconds)
        write(f, options.out)
        torch.save(f.state_dict(), options.out / "state.pt")
