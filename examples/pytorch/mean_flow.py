"""MeanFlow (arXiv 2505.13447) on flow matching, X_t = (1 - t) X_0 + t Z, for a mixture of three Gaussians: the network is the mean velocity
u(x, r, t), and the map to the data is f(t, x) = x - t u(x, 0, t).

    python mean_flow.py --steps 4000 --report mean-flow-report
"""

import argparse

import torch
from torch import nn

from consistency_pde import measure

DATA = {"kind": "mixture", "weights": [0.5, 0.3, 0.2], "means": [[-2, 0], [2, 1], [0, 2.5]], "stds": [0.5, 0.4, 0.6]}
PROBLEM = {"process": {"kind": "flowMatching"}, "data": DATA}
WEIGHTS, MEANS, STDS = (torch.tensor(DATA[key]) for key in ("weights", "means", "stds"))
BATCH = 512


class MeanVelocity(nn.Module):
    """u(x, r, t), r and t of shape [n, 1]."""

    def __init__(self, width=128):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(6, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 2)
        )

    def forward(self, x, r, t):
        return self.net(torch.cat([x, t, t - r, torch.sin(3 * t), torch.sin(3 * (t - r))], dim=1))


def loss_of(net):
    """The velocity of a pair, corrected by the derivative of u along it (equations 10 and 11).

    The loss is the squared norm, without the adaptive weight of the paper.
    """
    k = torch.multinomial(WEIGHTS, BATCH, replacement=True)
    data, noise = MEANS[k] + STDS[k, None] * torch.randn(BATCH, 2), torch.randn(BATCH, 2)
    t, r = torch.rand(2, BATCH, 1).sort(dim=0, descending=True).values
    r = torch.where(torch.rand(BATCH, 1) < 0.5, t, r)  # half of the pairs: plain flow matching
    x, v = (1 - t) * data + t * noise, noise - data
    u, slope = torch.func.jvp(net, (x, r, t), (v, torch.zeros_like(r), torch.ones_like(t)))
    return ((u - (v - (t - r) * slope).detach()) ** 2).sum(1).mean()


def train(steps, rate=2e-3):
    net = MeanVelocity()
    average = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.999))
    optimiser = torch.optim.Adam(net.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        optimiser.zero_grad()
        loss_of(net).backward()
        optimiser.step()
        schedule.step()
        average.update_parameters(net)
    return average.module.eval()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--report", default="mean-flow-report")
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    net = train(options.steps)
    result = measure(lambda t, x: x - t * net(x, 0 * t, t), PROBLEM, 1.0)
    print(result)
    print(result.report(options.report))
