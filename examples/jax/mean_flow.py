"""MeanFlow (arXiv 2505.13447) on flow matching in JAX, as in ../pytorch/mean_flow.py: u(x, r, t) is the mean velocity from time r to t of
X_t = (1 - t) X_0 + t Z, and the map to the data is f(t, x) = x - t u(x, 0, t).

    python mean_flow.py --steps 4000 --report mean-flow-report
"""

import argparse

import jax
import jax.numpy as jnp
import numpy as np
import optax

from consistency_pde import measure

DATA = {"kind": "mixture", "weights": [0.5, 0.3, 0.2], "means": [[-2, 0], [2, 1], [0, 2.5]], "stds": [0.5, 0.4, 0.6]}
PROBLEM = {"process": {"kind": "flowMatching"}, "data": DATA}
WEIGHTS, MEANS, STDS = (jnp.array(DATA[key], jnp.float32) for key in ("weights", "means", "stds"))
BATCH, WIDTH = 512, 128


def initial(key):
    sizes = [6, WIDTH, WIDTH, WIDTH, 2]
    keys = jax.random.split(key, len(sizes))
    return [(jax.random.normal(k, (a, b)) / np.sqrt(a), jnp.zeros(b)) for k, a, b in zip(keys, sizes, sizes[1:])]


def u(params, x, r, t):
    h = jnp.concatenate([x, t, t - r, jnp.sin(3 * t), jnp.sin(3 * (t - r))], axis=1)
    for weight, bias in params[:-1]:
        h = jax.nn.silu(h @ weight + bias)
    return h @ params[-1][0] + params[-1][1]


def loss(params, key):
    """The velocity of a pair, corrected by the derivative of u along it (equations 10 and 11), by the squared norm as there."""
    keys = jax.random.split(key, 5)
    k = jax.random.choice(keys[0], 3, (BATCH,), p=WEIGHTS)
    data = MEANS[k] + STDS[k, None] * jax.random.normal(keys[1], (BATCH, 2))
    noise = jax.random.normal(keys[2], (BATCH, 2))
    times = jax.random.uniform(keys[3], (2, BATCH, 1))
    t = times.max(0)
    r = jnp.where(jax.random.uniform(keys[4], (BATCH, 1)) < 0.5, t, times.min(0))  # half of the pairs: plain flow matching
    x, v = (1 - t) * data + t * noise, noise - data
    value, slope = jax.jvp(lambda *at: u(params, *at), (x, r, t), (v, jnp.zeros_like(r), jnp.ones_like(t)))
    return ((value - jax.lax.stop_gradient(v - (t - r) * slope)) ** 2).sum(1).mean()


def train(steps):
    optimiser = optax.adam(optax.cosine_decay_schedule(2e-3, steps))

    @jax.jit
    def step(params, average, state, key):
        update, state = optimiser.update(jax.grad(loss)(params, key), state)
        params = optax.apply_updates(params, update)
        return params, optax.incremental_update(params, average, 0.001), state

    key, own = jax.random.split(jax.random.key(0))
    params = initial(own)
    average, state = params, optimiser.init(params)
    for _ in range(steps):
        key, own = jax.random.split(key)
        params, average, state = step(params, average, state, own)
    return average


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--report", default="mean-flow-report")
    options = parser.parse_args()
    net = train(options.steps)
    result = measure(jax.jit(lambda t, x: x - t * u(net, x, 0 * t, t)), PROBLEM, 1.0)
    print(result)
    print(result.report(options.report))
