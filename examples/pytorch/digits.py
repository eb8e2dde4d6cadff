"""A convolutional teacher and student on 8 x 8 digits: the teacher learns to denoise, the student is distilled from it, and `measure_against`
says how far the student is from the teacher's flow, with no problem file.

    python digits.py --steps 1500 --report digits-report
"""

import argparse
import gzip
import math
from pathlib import Path

import numpy as np
import torch
from torch import nn

from consistency_pde import Integration, measure_against

T, T_MIN, C, N, BATCH = 20.0, 0.02, 0.3, 24, 128
TIMES = C * torch.tan(torch.linspace(math.atan(T_MIN / C), math.atan(T / C), N + 1))


def digits():
    """2000 images of 8 x 8 pixels between 0 and 1: those of data/digits.gz without their rim, three pixels by three in one."""
    path = Path(__file__).resolve().parents[2] / "data" / "digits.gz"
    records = np.frombuffer(gzip.decompress(path.read_bytes()), dtype=np.uint8).reshape(-1, 785)
    images = records[:, 1:].reshape(-1, 1, 28, 28)[..., 2:26, 2:26] / 255.0
    return torch.tensor(images, dtype=torch.float32).reshape(-1, 1, 8, 3, 8, 3).mean((3, 5))


class Net(nn.Module):
    """c_skip x + c_out F(log(t)/4, c_in x), the form of EDM (arXiv 2206.00364), with a small convolutional F; equal to x at t = start."""

    def __init__(self, width=32, start=0.0):
        super().__init__()
        self.start = start
        self.time = nn.Sequential(nn.Linear(1, width), nn.SiLU(), nn.Linear(width, 3 * width))
        self.first = nn.Conv2d(1, width, 3, padding=1)
        self.hidden = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(3))
        self.mix = nn.Linear(64, 64)
        self.last = nn.Conv2d(width, 1, 3, padding=1)

    def forward(self, t, x):
        u, r = t - self.start, torch.sqrt(t * t + C * C)
        shifts = self.time(torch.log(t.reshape(-1, 1)) / 4).chunk(3, dim=1)
        h = self.first(x / r)
        for i, (layer, shift) in enumerate(zip(self.hidden, shifts)):
            g = layer(nn.functional.silu(h + shift[..., None, None]))
            h = h + (self.mix(g.flatten(2)).reshape(g.shape) if i == 1 else g)  # all pixels see each other once
        return C * C / (u * u + C * C) * x + C * u / r * self.last(nn.functional.silu(h))


def denoise(net, images):
    x, t = images[torch.randint(len(images), (BATCH,))], torch.exp(1.4 * torch.randn(BATCH, 1, 1, 1) - 1)
    weight = (t * t + C * C) / (t * C) ** 2
    return (weight * (net(t, x + t * torch.randn_like(x)) - x) ** 2).mean()


def distil(net, images, teacher):
    """Consistency distillation (arXiv 2303.01469) with a step of Heun."""
    k = torch.randint(N, (BATCH,))
    t, s = TIMES[k + 1].reshape(-1, 1, 1, 1), TIMES[k].reshape(-1, 1, 1, 1)
    x = images[torch.randint(len(images), (BATCH,))] + t * torch.randn(BATCH, 1, 8, 8)
    with torch.no_grad():
        v = (x - teacher(t, x)) / t
        y = x + (s - t) * v
        target = net(s, x + (s - t) / 2 * (v + (y - teacher(s, y)) / s))
    return ((net(t, x) - target) ** 2).mean()


def fit(net, loss, steps, rate):
    average = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998))
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
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--report", default="digits-report")
    options = parser.parse_args()
    torch.manual_seed(0)
    images = digits()
    teacher = fit(Net(), lambda net: denoise(net, images), options.steps, 2e-3)
    student = Net(start=T_MIN)
    student.load_state_dict(teacher.state_dict())
    student = fit(student, lambda net: distil(net, images, teacher), options.steps, 1e-3)
    noise = images[torch.randint(len(images), (256,))] + T * torch.randn(256, 1, 8, 8)
    result = measure_against(student, teacher, noise, TIMES, predicts="denoiser", integration=Integration(steps=2))
    print(result)
    print(result.report(options.report))
