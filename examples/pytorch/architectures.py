"""Four architectures that people train, small, brought to consistency-pde by ONNX, each with an error of its own: that of f(T, x) against
trajectories that SciPy's DOP853 integrates.

    python architectures.py --out networks [--only edm]

edm      a residual MLP with adaptive LayerNorm, Fourier features of log σ and GELU, in the form of EDM (2303.01469), T = 80, VE
meanflow the mean velocity u(x, t, r) of flow matching (2505.13447), a map of two times
cosine   a network of the integer steps of a cosine schedule, with sinusoidal embeddings (2006.11239)
digits   convolutions with GroupNorm and self-attention on 8 × 8 images, VE

Every network is trained on exact trajectories of a mixture of Gaussians, whose denoiser is a formula. Each folder holds the graph, its description,
the problem and `reference.json`.
"""

import argparse
import gzip
import json
import math
from pathlib import Path

import numpy as np
import onnx
import torch
from safetensors.numpy import save_file
from scipy.integrate import solve_ivp
from torch import nn
from torch.nn import functional as F

STEPS, BATCH, RATE, REFERENCE = 1500, 128, 2e-3, 400


class Mixture:
    """A mixture of Gaussians with equal weights and one deviation, and a process X = α X₀ + σ Z."""

    def __init__(self, means, deviation, alpha, sigma):
        self.means, self.deviation = np.asarray(means, float), deviation
        self.alpha, self.sigma = alpha, sigma

    @property
    def trace(self):
        """tr Cov of the data."""
        return self.means.var(0).sum() + self.means.shape[1] * self.deviation**2

    def sample(self, n, random):
        k = random.integers(len(self.means), size=n)
        return self.means[k] + self.deviation * random.standard_normal((n, self.means.shape[1]))

    def denoiser(self, tau, y):
        """E[X₀ | X₀ + τ Z = y]."""
        v = self.deviation**2 + tau**2
        far = ((y[:, None] - self.means) ** 2).sum(-1) / (2 * v)
        p = np.exp(far.min(1, keepdims=True) - far)
        p /= p.sum(1, keepdims=True)
        return (p @ self.means) + (self.deviation**2 / v) * (y - p @ self.means)

    def carry(self, y, low, high, rtol=1e-10):
        """y at τ = low to τ = high along dy/dτ = (y − D)/τ, by DOP853; s = log(1 + τ/c) is the variable of integration."""
        c, shape = self.deviation, y.shape

        def velocity(s, flat):
            tau = c * np.expm1(s)
            y = flat.reshape(shape)
            a = (y - self.denoiser(tau, y)) / tau if tau > 0 else np.zeros(shape)
            return (c * np.exp(s) * a).ravel()

        ends = np.log1p(np.array([low, high]) / c)
        found = solve_ivp(velocity, ends, y.ravel(), method="DOP853", rtol=rtol, atol=rtol * c)
        assert found.success, found.message
        return found.y[:, -1].reshape(shape)


class Fourier(nn.Module):
    """Random Fourier features of a time."""

    def __init__(self, width, scale):
        super().__init__()
        self.register_buffer("frequencies", scale * torch.randn(width // 2))

    def forward(self, s):
        angle = 2 * math.pi * s[:, None] * self.frequencies
        return torch.cat([angle.cos(), angle.sin()], dim=1)


class Block(nn.Module):
    """A residual block whose LayerNorm is modulated by an embedding (adaLN)."""

    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.modulate = nn.Linear(width, 3 * width)
        self.net = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Dropout(0.1), nn.Linear(2 * width, width))

    def forward(self, h, e):
        shift, scale, gate = self.modulate(e).chunk(3, dim=1)
        return h + gate * self.net(self.norm(h) * (1 + scale) + shift)


class Edm(nn.Module):
    """f(σ, x), σ of shape [n]."""

    C, WIDTH = 5.0, 32

    def __init__(self):
        super().__init__()
        self.embed = nn.Sequential(Fourier(self.WIDTH, 0.3), nn.Linear(self.WIDTH, self.WIDTH), nn.SiLU())
        self.first, self.last = nn.Linear(2, self.WIDTH), nn.Linear(self.WIDTH, 2)
        self.blocks = nn.ModuleList([Block(self.WIDTH) for _ in range(2)])

    def forward(self, sigma, x):
        e = self.embed(torch.log(sigma + 1e-3) / 4)
        s = sigma[:, None]
        r = torch.sqrt(s * s + self.C**2)
        h = self.first(x / r)
        for block in self.blocks:
            h = block(h, e)
        return self.C**2 / r**2 * x + self.C * s / r * self.last(h)


class MeanFlow(nn.Module):
    """u(x, t, r), t and r of shape [n, 1]."""

    def __init__(self, width=48):
        super().__init__()
        sizes = [2 + 8, width, width]
        hidden = [m for a, b in zip(sizes, sizes[1:]) for m in (nn.Linear(a, b), nn.SiLU())]
        self.net = nn.Sequential(*hidden, nn.Linear(width, 2))

    def forward(self, x, t, r):
        times = torch.cat([t, t - r], dim=1)
        return self.net(torch.cat([x, torch.sin(math.pi * times), torch.cos(math.pi * times), torch.sin(3 * times), times], dim=1))


class Cosine(nn.Module):
    """f(n, x) for integers n, with the sinusoidal embedding of the transformer."""

    def __init__(self, steps, width=32):
        super().__init__()
        self.register_buffer("frequencies", torch.exp(-math.log(1000.0) * torch.arange(width // 2) / (width // 2)))
        self.embed = nn.Sequential(nn.Linear(width, width), nn.SiLU())
        self.first, self.middle, self.last = nn.Linear(2, width), nn.Linear(width, width), nn.Linear(width, 2)

    def forward(self, n, x):
        angle = n[:, None].to(x.dtype) * self.frequencies
        e = self.embed(torch.cat([angle.sin(), angle.cos()], dim=1))
        h = F.silu(self.first(x) + e)
        return x + self.last(F.silu(self.middle(h) + h + e))


class Digits(nn.Module):
    """f(σ, x), x of shape [n, 1, 8, 8]."""

    C, WIDTH = 0.4, 16

    def __init__(self):
        super().__init__()
        w = self.WIDTH
        self.embed = nn.Sequential(nn.Linear(1, w), nn.SiLU(), nn.Linear(w, w))
        self.first, self.middle, self.last = (nn.Conv2d(a, b, 3, padding=1) for a, b in ((1, w), (w, w), (w, 1)))
        self.norm = nn.GroupNorm(4, w)
        self.query, self.out = nn.Linear(w, 3 * w), nn.Linear(w, w)

    def forward(self, sigma, x):
        s = sigma.reshape(-1, 1, 1, 1)
        r = torch.sqrt(s * s + self.C**2)
        h = F.silu(self.first(x / r) + self.embed(torch.log(s + 1e-2).reshape(-1, 1))[:, :, None, None])
        h = h + F.silu(self.middle(self.norm(h)))
        tokens = h.flatten(2).transpose(1, 2)
        q, k, v = self.query(tokens).chunk(3, dim=2)
        mixed = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(self.WIDTH), dim=2) @ v
        h = h + self.out(mixed).transpose(1, 2).reshape(h.shape)
        return self.C**2 / r**2 * x + self.C * s / r * self.last(h)


def cosine_alphas(steps, s=0.008):
    """α_n of the cosine schedule with β at most 0.999 (2102.09672, equation 17)."""
    level = lambda n: np.cos((n / steps + s) / (1 + s) * np.pi / 2) ** 2
    n = np.arange(steps)
    betas = np.minimum(1 - level(n + 1) / level(n), 0.999)
    return np.sqrt(np.concatenate([[1.0], np.cumprod(1 - betas)]))


def digit_means():
    """The first image of each digit, 28 × 28 pixels, as 7 × 7 means of 4 × 4 pixels within a margin, in [0, 1]."""
    file = Path(__file__).resolve().parents[2] / "data" / "digits.gz"
    bytes_ = np.frombuffer(gzip.decompress(file.read_bytes()), np.uint8)
    images = bytes_[: 10 * 785].reshape(10, 785)[:, 1:].reshape(10, 28, 28) / 255
    return np.pad(images.reshape(10, 7, 4, 7, 4).mean((2, 4)), ((0, 0), (0, 1), (0, 1))).reshape(10, 64)


def circle(n, radius):
    angle = 2 * np.pi * np.arange(n) / n
    return radius * np.stack([np.cos(angle), np.sin(angle)], 1)


STEPS_OF_COSINE = 50
ALPHAS = cosine_alphas(STEPS_OF_COSINE)
IDENTITY = lambda t: np.ones_like(np.asarray(t, float))

CASES = {
    "edm": {
        "net": Edm,
        "law": lambda: Mixture(circle(8, 6.0), 0.4, IDENTITY, lambda t: t),
        "process": {"kind": "edm"},
        "time": 80.0,
        "times": lambda random: 5 * np.tan(random.uniform(0, 1) * np.arctan(16)),
        "call": lambda net, t, u, x: net(t, x),
        "names": {"t": "sigma", "x": "sample", "f": "denoised"},
        "start": 0.0,
    },
    "meanflow": {
        "net": MeanFlow,
        "law": lambda: Mixture([[-2, 0], [0.5, 1.5], [2, -1]], 0.35, lambda t: 1 - t, lambda t: t),
        "process": {"kind": "flowMatching"},
        "time": 0.99,
        "times": lambda random: 0.99 * random.uniform(0, 1),
        "call": lambda net, t, u, x: x - (t - u)[:, None] * net(x, t[:, None], u[:, None]),
        "names": {"t": "t", "u": "r", "x": "x", "f": "velocity"},
        "output": {"kind": "velocity"},
    },
    "cosine": {
        "net": lambda: Cosine(STEPS_OF_COSINE),
        "law": lambda: Mixture(
            [[-1, -0.5], [0.8, 0.9]], 0.3, lambda n: ALPHAS[np.asarray(n, int)], lambda n: np.sqrt(1 - ALPHAS[np.asarray(n, int)] ** 2)
        ),
        "process": {"kind": "ddpm", "schedule": "cosine", "steps": STEPS_OF_COSINE},
        "time": 48.0,
        "times": lambda random: float(random.integers(1, 49)),
        "call": lambda net, t, u, x: net(t, x),
        "names": {"t": "timestep", "x": "sample", "f": "x0"},
    },
    "digits": {
        "net": Digits,
        "law": lambda: Mixture(digit_means(), 0.12, IDENTITY, lambda t: t),
        "process": {"kind": "edm"},
        "time": 10.0,
        "times": lambda random: 0.4 * np.tan(random.uniform(0, 1) * np.arctan(25)),
        "call": lambda net, t, u, x: net(t, x.reshape(-1, 1, 8, 8)).reshape(x.shape),
        "names": {"t": "sigma", "x": "image", "f": "denoised"},
        "image": (1, 8, 8),
        "steps": 300,
        "groups": 6,
    },
}


def tau_of(law, t):
    return float(law.sigma(t) / law.alpha(t))


def train(case, net, random, most=None):
    """Regression on exact trajectories: their points at some times lead to those at time u, which is 0 but for maps of two times."""
    law, two = case["law"](), "u" in case["names"]
    d, trajectories = law.means.shape[1], []
    for _ in range(case.get("groups", 24)):
        times = np.sort([case["times"](random) for _ in range(10)])
        # points of p_t are X₀ + τ Z, carried down from the last time
        top = tau_of(law, times[-1])
        y = law.sample(128, random) + top * random.standard_normal((128, d))
        down = [(times[-1], y)]
        for t in times[-2::-1]:
            y = law.carry(y, tau_of(law, down[-1][0]), tau_of(law, t), 1e-6)
            down.append((t, y))
        start = law.carry(y, tau_of(law, down[-1][0]), 0.0, 1e-6)
        trajectories.append([(0.0, start)] + [(t, y) for t, y in down[::-1]])
    pairs = []
    for row in trajectories:
        for k in range(1, len(row)):
            for j in range(k) if two else [0]:
                (t, y), (u, target) = row[k], row[j]
                pairs.append((np.full(len(y), t), np.full(len(y), u), law.alpha(t) * y, law.alpha(u) * target))
    t, u, x, target = (torch.tensor(np.concatenate(parts), dtype=torch.float32) for parts in zip(*pairs))
    optimiser = torch.optim.Adam(net.parameters(), lr=RATE)
    steps = most or case.get("steps", STEPS)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 + math.cos(math.pi * step / steps)) / 2 + 1e-6
        rows = torch.randint(len(t), (BATCH,))
        off = case["call"](net, t[rows], u[rows], x[rows]) - target[rows]
        loss = (off**2).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return loss.item()


def reference(case, net, random):
    """The relative error of f(T, ·) on plain points of p_T, with one standard error; the truth is that of DOP853."""
    law, t = case["law"](), case["time"]
    tau = tau_of(law, t)
    y = law.sample(REFERENCE, random) + tau * random.standard_normal((REFERENCE, law.means.shape[1]))
    truth = law.carry(y, tau, 0.0)
    found = evaluate(case, net, np.full(REFERENCE, t), np.zeros(REFERENCE), law.alpha(t) * y)
    squares = ((found - truth) ** 2).sum(1) / law.trace
    error = math.sqrt(squares.mean())
    return {
        "error": error,
        "standardError": squares.std(ddof=1) / math.sqrt(REFERENCE) / (2 * error),
        "points": (law.alpha(t) * y[:8]).tolist(),
        "truth": truth[:8].tolist(),
    }


def evaluate(case, net, t, u, x):
    with torch.no_grad():
        values = [torch.tensor(one, dtype=torch.float32) for one in (t, u, x)]
        return case["call"](net, *values).double().numpy()


def write(name, case, net, folder, random):
    folder.mkdir(parents=True, exist_ok=True)
    law, names = case["law"](), case["names"]
    d, image = law.means.shape[1], case.get("image")
    n = torch.export.Dim("n", min=2, max=2**20)
    time = torch.ones(3, 1) if name == "meanflow" else torch.full((3,), 2.0)
    x = torch.zeros(3, *(image or (d,)))
    inputs = {"meanflow": [x, time, time / 2]}.get(name, [time, x])
    order = {"meanflow": ["x", "t", "u"]}.get(name, ["t", "x"])
    torch.onnx.export(net, tuple(inputs), folder / "f.onnx", input_names=[names[key] for key in order], output_names=[names["f"]],
                      dynamic_shapes=tuple({0: n} for _ in inputs), external_data=False, verbose=False)
    graph = onnx.load(folder / "f.onnx")
    for part in (graph.graph, *graph.graph.node, *graph.graph.input, *graph.graph.output, *graph.graph.value_info):
        part.ClearField("metadata_props")  # where in the Python code it comes from
    onnx.save(graph, folder / "f.onnx")
    times = [float(case["times"](random)) for _ in range(4)] + [case["time"]]
    u = [t / 2 if "u" in names else 0.0 for t in times]
    points = np.stack([law.alpha(t) * law.sample(1, random)[0] + law.sigma(t) * random.standard_normal(d) for t in times])
    f = evaluate(case, net, np.array(times), np.array(u), points)
    check = {"t": times, **({"u": u} if "u" in names else {}), "x": points.tolist(), "f": f.tolist()}
    description = {"format": "consistency-pde network", "formatVersion": 1, "kind": "onnx", "name": name, "dimension": d, "graph": "f.onnx",
                   "names": names, **({"output": case["output"]} if "output" in case else {}), "check": check}
    data = {"kind": "mixture", "weights": [1 / len(law.means)] * len(law.means), "means": law.means.tolist(),
            "stds": [law.deviation] * len(law.means)}
    for file, content in (("network.json", description), ("problem.json", {"process": case["process"], "data": data}),
                          ("reference.json", {"time": case["time"], **reference(case, net, random)})):
        (folder / file).write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("networks"))
    parser.add_argument("--only", choices=CASES)
    parser.add_argument("--points", type=Path, help="rows t, x (or t, u, x with --pairs) of `consistency-pde points`, for --only")
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--weights", type=Path, help="the weights of `points --weights`: writes flow.safetensors for `score --trajectories` too")
    parser.add_argument("--steps", type=int, help="of every training, in place of its own number")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in [options.only] if options.only else CASES:
        torch.manual_seed(0)
        random = np.random.default_rng(0)
        case, folder = CASES[name], options.out / name
        net = case["net"]()
        if options.points:
            net.load_state_dict(torch.load(folder / "state.pt"))
            rows = np.load(options.points)
            t, u = rows[:, 0], rows[:, 1] if options.pairs else np.zeros(len(rows))
            x = rows[:, 2 if options.pairs else 1 :]
            values = evaluate(case, net.eval(), t, u, x)
            np.save(folder / "values.npy", values)
            if options.weights:
                weights = np.load(options.weights).reshape(-1)
                stacked = [np.ascontiguousarray(part.reshape(-1, len(weights), x.shape[1])) for part in (x, values)]
                parts = {"t": t[:: len(weights)].copy(), "x": stacked[0], "f": stacked[1], "weights": weights}
                save_file(parts, folder / "flow.safetensors")
            continue
        loss = train(case, net, random, options.steps)
        write(name, case, net.eval(), folder, random)
        torch.save(net.state_dict(), folder / "state.pt")
        print(f"{name}: {sum(p.numel() for p in net.parameters())} parameters, last loss {loss:.2e}")
