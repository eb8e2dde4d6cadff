"""What the training steps of PyTorch and JAX share: the options, the batch, the weights, the timing and the line that is printed.

The network is f(t, x) = c_skip(t) x + c_out(t) F([theta, x/r]) with theta = arctan(t/c), r = sqrt(c^2 + t^2), c_skip = c^2/r^2,
c_out = c t/r; F has L hidden layers of width W with tanh. Scores are given arrays. Losses:

pinn   mean |df/dt - t s . grad f|^2, one tangent of f along (1, -t s)
cd     mean |f(t, x) - f_average(t', x')|^2, (t', x') one Euler step earlier; updates the moving average

Batch and weights are those of bench/training-batch.ts, number by number.
"""

import argparse
import json
import os
import statistics
import sys
import time as clock
from importlib.metadata import version

SCALE = 0.5
RATE = 1e-3
BETAS = (0.9, 0.99)
DECAY = 0.999
WARM_UP = 30


def options():
    """Reads the command line and limits the threads; to be called before numpy, torch or jax are imported."""
    parser = argparse.ArgumentParser()
    for name, default in (("dimension", 2), ("width", 128), ("layers", 4), ("batch", 1024), ("steps", 100), ("threads", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--loss", choices=["pinn", "cd"], default="pinn")
    args = parser.parse_args()
    assert not {"numpy", "torch", "jax"} & set(sys.modules), "threads have to be limited before the imports"
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NPROC"):
        os.environ[name] = str(args.threads)
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={str(args.threads > 1).lower()}"
    return args


def uniform(stream, k):
    """Numbers k of a fixed sequence that looks uniform in (0, 1), by whole-number arithmetic."""
    import numpy as np

    h = np.uint32(stream * 0x9E3779B9 % 2**32) + np.asarray(k, np.uint32)
    h = (h ^ (h >> 16)) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> 13)) * np.uint32(0xC2B2AE35)
    return ((h ^ (h >> 16)).astype(np.float64) + 0.5) / 2**32


def normal(stream, shape):
    import numpy as np

    k = np.arange(np.prod(shape), dtype=np.uint32)
    numbers = np.sqrt(-2 * np.log(uniform(stream, 2 * k))) * np.cos(2 * np.pi * uniform(stream, 2 * k + 1))
    return numbers.reshape(shape)


def batch(args):
    """t [n, 1], x [n, d], s [n, d] and the time before [n, 1], in float64."""
    import numpy as np

    shape = args.batch, args.dimension
    t = 0.01 * np.exp(uniform(1, np.arange(args.batch)) * np.log(8000))[:, None]
    x = 0.5 * normal(2, shape) + t * normal(3, shape)
    s = -x / (0.25 + t * t) + 0.1 * normal(4, shape) / (0.5 + t)
    return t, x, s, 0.97 * t


def weights(args):
    """Matrices [in, out] and biases in float32."""
    import numpy as np

    sizes = [args.dimension + 1, *[args.width] * args.layers, args.dimension]
    shapes = list(zip(sizes, sizes[1:]))
    W = [(normal(5 + k, shape) / np.sqrt(shape[0])).astype(np.float32) for k, shape in enumerate(shapes)]
    return W, [np.zeros(n, np.float32) for n in sizes[1:]]


def exact_loss(args):
    """The loss at the first step in float64, which the timed program has to agree with."""
    import numpy as np

    t, x, s, before = batch(args)
    W = [w.astype(np.float64) for w in weights(args)[0]]

    def f(t, x, dx):
        r = np.sqrt(SCALE**2 + t * t)
        h, dh = np.hstack([np.arctan(t / SCALE), x / r]), np.hstack([SCALE / r**2, dx / r - x * t / r**3])
        for w in W[:-1]:
            h, dh = np.tanh(h @ w), dh @ w
            dh *= 1 - h * h
        out, dout = h @ W[-1], dh @ W[-1]
        slope = -2 * SCALE**2 * t / r**4 * x + (SCALE / r) ** 2 * dx + (SCALE / r) ** 3 * out + SCALE * t / r * dout
        return (SCALE / r) ** 2 * x + SCALE * t / r * out, slope

    value, slope = f(t, x, -t * s)
    rest = slope if args.loss == "pinn" else value - f(before, x + (before - t) * -t * s, x)[0]
    return float((rest**2).sum() / args.batch)


def measure(step, count):
    for _ in range(WARM_UP):
        step()
    times, used = [], []
    for _ in range(count):
        start, before = clock.perf_counter(), clock.process_time()
        step()
        used.append(1e3 * (clock.process_time() - before))
        times.append(1e3 * (clock.perf_counter() - start))
    return {"median_ms": statistics.median(times), "min_ms": min(times), "cpu_ms": statistics.median(used)}


def report(framework, args, variants, losses, packages):
    """Checks the losses and prints one JSON line with the fields of `npm run bench -- training-step`."""
    exact = exact_loss(args)
    for name, loss in losses.items():
        if not abs(loss / exact - 1) < 1e-4:
            raise SystemExit(f"{name} computes another loss: {loss}, in float64 {exact}")
    best = min(variants, key=lambda name: variants[name]["median_ms"])
    d, w = args.dimension, args.width
    first, rest = (d + 1) * w, (args.layers - 1) * w * w + w * d
    flops = 2 * args.batch * (5 * first + 6 * rest) if args.loss == "pinn" else args.batch * (7 * first + 8 * rest)
    timing = variants[best]
    line = {"framework": framework, "loss": args.loss, "dimension": d, "width": w, "layers": args.layers}
    line |= {"batch": args.batch, "threads": args.threads, "steps": args.steps, "best": best, **timing}
    line |= {"gflops": flops / timing["median_ms"] / 1e6, "variants": variants}
    line |= {"check": {"loss": losses[best], "loss_float64": exact}}
    line |= {"versions": {"python": sys.version.split()[0], **{name: version(name) for name in packages}}}
    print(json.dumps(line))
