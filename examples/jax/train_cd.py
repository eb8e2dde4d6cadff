"""Consistency distillation of a mixture of three Gaussians in the plane, in JAX (arXiv 2303.01469), with the network written as
safetensors and description, and evaluated with its Jacobian-vector product at the points of `consistency-pde points`.

    python train_cd.py --out network --seconds 60
    python train_cd.py --out network --points points.npy --directions directions.npy
"""

import argparse
import json
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
from safetensors.numpy import load_file, save_file

WEIGHTS = jnp.array([0.5, 0.3, 0.2])
MEANS = jnp.array([[-2.0, 0.0], [2.0, 1.0], [0.0, 2.5]])
STDS = jnp.array([0.5, 0.4, 0.6])
T, C, WIDTH, LAYERS, N = 10.0, 2.0, 128, 4, 32


def initial(key):
    sizes = [3] + [WIDTH] * LAYERS + [2]
    layers = zip(jax.random.split(key, len(sizes)), sizes, sizes[1:])
    return [{"kernel": jax.random.normal(k, (a, b)) / np.sqrt(a), "bias": jnp.zeros(b)} for k, a, b in layers]


def f(params, t, x):
    """f(t, x) = cos^2(theta) x - c sin(theta) F(theta, x / r): TrigFlow (arXiv 2410.11081), with f(0, x) = x."""
    theta, r = jnp.arctan(t / C), jnp.sqrt(t * t + C * C)
    h = jnp.concatenate([theta, x / r], axis=1)
    for layer in params[:-1]:
        h = jnp.tanh(h @ layer["kernel"] + layer["bias"])
    F = h @ params[-1]["kernel"] + params[-1]["bias"]
    return (C / r) ** 2 * x - C * t / r * F


def denoiser(t, x):
    v = STDS**2 + t * t
    far = ((x[:, None] - MEANS) ** 2).sum(-1)
    p = jax.nn.softmax(jnp.log(WEIGHTS) - jnp.log(v) - far / (2 * v), axis=1)
    best = MEANS + (STDS**2 / v)[..., None] * (x[:, None] - MEANS)
    return (p[..., None] * best).sum(1)


def train(seconds):
    times = C * jnp.tan(jnp.linspace(0, np.arctan(T / C), N + 1))
    optimiser = optax.inject_hyperparams(optax.adam)(learning_rate=2e-3)

    def loss(params, key):
        k1, k2, k3, k4 = jax.random.split(key, 4)
        n = jax.random.randint(k1, (512, 1), 0, N)
        low, high = times[n], times[n + 1]
        k = jax.random.choice(k2, 3, (512,), p=WEIGHTS)
        x = MEANS[k] + STDS[k, None] * jax.random.normal(k3, (512, 2)) + high * jax.random.normal(k4, (512, 2))
        a = (x - denoiser(high, x)) / high
        guess = x + (low - high) * a
        again = jnp.where(low > 0, (guess - denoiser(low, guess)) / jnp.maximum(low, 1e-9), 0)
        below = x + (low - high) * (a + again) / 2
        target = jax.lax.stop_gradient(f(params, low, below))
        return ((f(params, high, x) - target) ** 2).sum(1).mean()

    @jax.jit
    def step(params, average, state, key, rate, count):
        state.hyperparams["learning_rate"] = rate
        value, gradient = jax.value_and_grad(loss)(params, key)
        update, state = optimiser.update(gradient, state)
        params = optax.apply_updates(params, update)
        average = optax.incremental_update(params, average, jnp.maximum(0.002, 5 / (count + 5)))
        return params, average, state, value

    key = jax.random.key(0)
    average = params = initial(key)
    state, start, count = optimiser.init(params), time.time(), 0
    while (share := (time.time() - start) / seconds) < 1:
        key, own = jax.random.split(key)
        rate = 2e-3 * (1 + np.cos(np.pi * share)) / 2 + 1e-6
        params, average, state, value = step(params, average, state, own, rate, count)
        count += 1
    print(f"{count} steps, last loss {value:.2e}")
    return average


def write(params, folder):
    folder.mkdir(parents=True, exist_ok=True)
    save_file({f"{k}.{name}": np.asarray(v) for k, layer in enumerate(params) for name, v in layer.items()}, folder / "weights.safetensors")
    layers = [{"weight": f"{k}.kernel", "bias": f"{k}.bias", "activation": "tanh"} for k in range(LAYERS + 1)]
    layers[-1]["activation"] = "identity"
    mlp = {"kind": "mlp", "name": "jax", "dimension": 2, "weights": "weights.safetensors", "inputs": [f"atan(t/{C})", "x"],
           "layout": "inputs-outputs", "layers": layers, "output": {"kind": "trigflow", "sigmaData": C}}
    # values at a few points tell whether the description was understood
    t, x = jnp.array([[0.0], [0.5], [3.0], [T]]), jnp.array([[-2.1, 0.1], [1.0, 2.0], [-1.0, 0.5], [8.0, -3.0]])
    check = {"t": t[:, 0].tolist(), "x": x.tolist(), "f": f(params, t, x).tolist()}
    description = {"format": "consistency-pde network", "formatVersion": 1, **mlp, "check": check}
    (folder / "network.json").write_text(json.dumps(description, indent=2))


def evaluate(points, directions, folder):
    """f and its derivatives along the directions, a row for each row (t, x): what `consistency-pde score` takes."""
    stored = load_file(folder / "weights.safetensors")
    params = [{name: stored[f"{k}.{name}"] for name in ("kernel", "bias")} for k in range(LAYERS + 1)]
    p, d = (jnp.asarray(np.load(file), jnp.float32) for file in (points, directions))
    values, tangents = jax.jit(lambda p, d: jax.jvp(lambda q: f(params, q[:, :1], q[:, 1:]), (p,), (d,)))(p, d)
    np.save(folder / "values.npy", values)
    np.save(folder / "tangents.npy", tangents)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("network"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--points", type=Path)
    parser.add_argument("--directions", type=Path)
    options = parser.parse_args()
    if options.points:
        evaluate(options.points, options.directions, options.out)
    else:
        write(train(options.seconds), options.out)
