"""Consistency distillation of a mixture of three Gaussians in the plane, in PyTorch (arXiv 2303.01469), and the network written in two of
the ways that consistency-pde reads: safetensors with a description, and values at given points. write_onnx.py adds the third.

    python train_cd.py --out network --seconds 60
    python train_cd.py --out network --points points.npy      # after `consistency-pde points`
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
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


def denoiser(t, x):
    """E[X0 | Xt = x] of the mixture, exactly."""
    v = STDS**2 + t * t
    far = ((x[:, None] - MEANS) ** 2).sum(-1)
    p = torch.softmax(torch.log(WEIGHTS) - torch.log(v) - far / (2 * v), dim=1)
    best = MEANS + (STDS**2 / v)[..., None] * (x[:, None] - MEANS)
    return (p[..., None] * best).sum(1)


def train(seconds):
    f = Net()
    # over the last 500 steps; over fewer at first
    average = torch.optim.swa_utils.AveragedModel(f, avg_fn=lambda mean, new, n: torch.lerp(mean, new, max(0.002, 5 / (float(n) + 5))))
    optimiser = torch.optim.Adam(f.parameters(), lr=2e-3)
    times = C * torch.tan(torch.linspace(math.atan(T_MIN / C), math.atan(T / C), N + 1))
    start = time.time()
    while (share := (time.time() - start) / seconds) < 1:
        optimiser.param_groups[0]["lr"] = 2e-3 * (1 + math.cos(math.pi * share)) / 2 + 1e-6
        n, k = torch.randint(N, (512, 1)), torch.multinomial(WEIGHTS, 512, replacement=True)
        low, high = times[n], times[n + 1]
        x = MEANS[k] + STDS[k, None] * torch.randn(512, 2) + high * torch.randn(512, 2)
        with torch.no_grad():  # one step of Heun down the probability-flow ODE
            a = (x - denoiser(high, x)) / high
            guess = x + (low - high) * a
            below = x + (low - high) * (a + (guess - denoiser(low, guess)) / low) / 2
            target = f(low, below)
        loss = ((f(high, x) - target) ** 2).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        average.update_parameters(f)
    print(f"{int(average.n_averaged)} steps, last loss {loss.item():.2e}")
    return average.module


def write(f, folder):
    folder.mkdir(parents=True, exist_ok=True)
    save_file(f.state_dict(), folder / "weights.safetensors")
    layers = [{"weight": f"net.{2 * k}.weight", "bias": f"net.{2 * k}.bias", "activation": "silu"} for k in range(LAYERS + 1)]
    layers[-1]["activation"] = "identity"
    output = {"kind": "edm", "sigmaData": C, "sigmaMin": T_MIN}
    mlp = {"kind": "mlp", "name": "pytorch", "weights": "weights.safetensors", "inputs": ["log(t)/4", "x"], "layers": layers, "output": output}
    (folder / "network.json").write_text(json.dumps({**shared(f), **mlp}, indent=2))


def shared(f):
    """What every description of the network has: values at a few points tell whether it was understood."""
    t, x = torch.tensor([[0.01], [0.5], [3.0], [T]]), torch.tensor([[-2.1, 0.1], [1.0, 2.0], [-1.0, 0.5], [8.0, -3.0]])
    check = {"t": t[:, 0].tolist(), "x": x.tolist(), "f": f(t, x).tolist()}
    return {"format": "consistency-pde network", "formatVersion": 1, "dimension": 2, "check": check}


def read(folder):
    f = Net()
    f.load_state_dict(load_file(folder / "weights.safetensors"))
    return f


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("network"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--points", type=Path)
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    if options.points:  # what `consistency-pde score` needs of a network in any framework: f(t, x), a row for each row (t, x)
        p = torch.tensor(np.load(options.points), dtype=torch.float32)
        np.save(options.out / "values.npy", read(options.out)(p[:, :1], p[:, 1:]).detach().numpy())
    else:
        write(train(options.seconds), options.out)
