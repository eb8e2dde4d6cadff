"""Consistency distillation of a DDPM with the cosine schedule: networks of integer steps n, X_n = alpha_n X_0 + sigma_n Z. A teacher learns
to denoise, a student is distilled from it by DDIM steps, and both are compared with the true flow of the data.

    python integer_times.py --steps 4000 --report integer-times-report
"""

import argparse
import math

import numpy as np
import torch
from torch import nn

from consistency_pde import measure

N, BATCH = 50, 512
DATA = {"kind": "mixture", "weights": [0.5, 0.3, 0.2], "means": [[-2, 0], [2, 1], [0, 2.5]], "stds": [0.5, 0.4, 0.6]}
PROBLEM = {"process": {"kind": "ddpm", "schedule": "cosine", "steps": N}, "data": DATA}
WEIGHTS, MEANS, STDS = (torch.tensor(DATA[key]) for key in ("weights", "means", "stds"))
C = 2.0  # of the data


def alphas(s=0.008):
    """alpha_0 to alpha_N of arXiv 2102.09672, equation 17, with beta at most 0.999."""
    level = np.cos((np.arange(N + 1) / N + s) / (1 + s) * np.pi / 2) ** 2
    kept = 1 - np.minimum(1 - level[1:] / level[:-1], 0.999)
    return torch.tensor(np.sqrt(np.concatenate([[1.0], np.cumprod(kept)])), dtype=torch.float32)


ALPHA = alphas()
SIGMA = torch.sqrt(1 - ALPHA**2)


class Net(nn.Module):
    """skip x + out F(n, x / size), the form of EDM for X_n: equal to x at n = 0. n is an integer tensor of shape [n]."""

    def __init__(self, width=128):
        super().__init__()
        self.register_buffer("frequencies", torch.exp(-math.log(1e4) * torch.arange(16) / 16))
        self.embed = nn.Sequential(nn.Linear(32, width), nn.SiLU(), nn.Linear(width, width))
        self.first, self.middle, self.last = nn.Linear(2, width), nn.Linear(width, width), nn.Linear(width, 2)

    def forward(self, n, x):
        alpha, sigma = ALPHA[n, None], SIGMA[n, None]
        size = torch.sqrt(alpha**2 * C**2 + sigma**2)
        angle = n[:, None] * self.frequencies
        h = nn.functional.silu(self.first(x / size) + self.embed(torch.cat([angle.sin(), angle.cos()], dim=1)))
        F = self.last(nn.functional.silu(self.middle(h) + h))
        return alpha * C**2 / size**2 * x + C * sigma / size * F


def noised(n):
    k = torch.multinomial(WEIGHTS, BATCH, replacement=True)
    data = MEANS[k] + STDS[k, None] * torch.randn(BATCH, 2)
    return data, ALPHA[n, None] * data + SIGMA[n, None] * torch.randn(BATCH, 2)


def denoise(net):
    n = torch.randint(1, N + 1, (BATCH,))
    data, x = noised(n)
    out = C * SIGMA[n, None] / torch.sqrt(ALPHA[n, None] ** 2 * C**2 + SIGMA[n, None] ** 2)
    return (((net(n, x) - data) / out) ** 2).mean()


def distil(student, teacher):
    n = torch.randint(1, N + 1, (BATCH,))
    _, x = noised(n)
    with torch.no_grad():  # one step of DDIM (arXiv 2010.02502), from n to n - 1
        data = teacher(n, x)
        below = ALPHA[n - 1, None] * data + SIGMA[n - 1, None] / SIGMA[n, None] * (x - ALPHA[n, None] * data)
        target = student(n - 1, below)
    return ((student(n, x) - target) ** 2).mean()


def fit(net, loss, steps, rate=2e-3):
    average = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.999), use_buffers=True)
    optimiser = torch.optim.Adam(net.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        optimiser.zero_grad()
        loss(net).backward()
        optimiser.step()
        schedule.step()
        average.update_parameters(net)
    return average.module.eval()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--report", default="integer-times-report")
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    teacher = fit(Net(), denoise, options.steps)
    student = Net()
    student.load_state_dict(teacher.state_dict())
    student = fit(student, lambda net: distil(net, teacher), options.steps, rate=1e-3)
    whole = {"times": range(N + 1), "time_shape": "vector"}
    result = measure(lambda n, x: student(n.long(), x), PROBLEM, N, **whole)
    print(result)
    print(result.diagnose()["sentence"])
    print(result.report(options.report))
