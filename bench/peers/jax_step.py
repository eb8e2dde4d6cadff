"""One float32 training step in JAX, compiled as a whole: loss (the tangent by jvp), gradient, optax's Adam."""

from functools import partial

from step import BETAS, DECAY, RATE, SCALE, batch, measure, options, report, weights

args = options()

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import optax  # noqa: E402

data = [jnp.asarray(a, jnp.float32) for a in batch(args)]
adam = optax.adam(RATE, *BETAS)


def f(parameters, t, x):
    W, b = parameters
    r = jnp.sqrt(SCALE**2 + t * t)
    h = jnp.concatenate([jnp.arctan(t / SCALE), x / r], 1)
    for w, v in zip(W[:-1], b[:-1]):
        h = jnp.tanh(h @ w + v)
    return (SCALE / r) ** 2 * x + SCALE * t / r * (h @ W[-1] + b[-1])


def pinn(parameters, average, t, x, s, before):
    _, residual = jax.jvp(partial(f, parameters), (t, x), (jnp.ones_like(t), -t * s))
    return jnp.square(residual).sum() / len(t)


def cd(parameters, average, t, x, s, before):
    target = jax.lax.stop_gradient(f(average, before, x + (t - before) * t * s))
    return jnp.square(f(parameters, t, x) - target).sum() / len(t)


@partial(jax.jit, donate_argnums=(0, 1, 2))
def update(parameters, average, state, *data):
    loss, gradient = jax.value_and_grad(pinn if args.loss == "pinn" else cd)(parameters, average, *data)
    change, state = adam.update(gradient, state)
    parameters = optax.apply_updates(parameters, change)
    if args.loss == "cd":
        average = jax.tree.map(lambda a, p: a + (1 - DECAY) * (p - a), average, parameters)
    return parameters, average, state, loss


parameters = tuple([jnp.array(a) for a in group] for group in weights(args))
held = parameters, jax.tree.map(jnp.copy, parameters) if args.loss == "cd" else (), adam.init(parameters)


def step():
    global held
    *held, loss = update(*held, *data)
    jax.block_until_ready(held)
    return float(loss)


first = step()
name = "jvp in jit"
report("jax", args, {name: measure(step, args.steps)}, {name: first}, ["jax", "jaxlib", "optax"])
