"""One float32 training step in eager PyTorch: loss, gradient, fused Adam. The tangent of the PINN residual is written by hand,
with the products of values and tangents apart or joined in one matrix; the faster of the two counts."""

from step import BETAS, DECAY, RATE, SCALE, batch, measure, options, report, weights

args = options()

import torch  # noqa: E402

torch.set_num_threads(args.threads)
t, x, s, before = (torch.tensor(a, dtype=torch.float32) for a in batch(args))
n, dx = len(t), -t * s


def prepare(t, x):
    r = torch.sqrt(SCALE**2 + t * t)
    return r, torch.cat([torch.atan(t / SCALE), x / r], 1)


def f(W, b, t, x):
    r, h = prepare(t, x)
    for w, v in zip(W[:-1], b[:-1]):
        h = torch.tanh(torch.addmm(v, h, w))
    return (SCALE / r) ** 2 * x + SCALE * t / r * torch.addmm(b[-1], h, W[-1])


def pinn(W, b, joined):
    r, h = prepare(t, x)
    dh = torch.cat([SCALE / (r * r), dx / r - x * t / r**3], 1)
    for w, v in zip(W[:-1], b[:-1]):
        if joined:
            z = torch.cat([h, dh]) @ w
            h, dz = torch.tanh(z[:n] + v), z[n:]
        else:
            h, dz = torch.tanh(torch.addmm(v, h, w)), dh @ w
        dh = torch.addcmul(dz, h * h, dz, value=-1)
    out, dout = torch.addmm(b[-1], h, W[-1]), dh @ W[-1]
    skip = -2 * SCALE**2 * t / r**4 * x + (SCALE / r) ** 2 * dx
    return (skip + (SCALE / r) ** 3 * out + SCALE * t / r * dout).square().sum() / n


def cd(W, b, average):
    with torch.no_grad():
        target = f(*average, before, x + (t - before) * t * s)
    return (f(W, b, t, x) - target).square().sum() / n


def stepper(joined):
    W, b = ([torch.tensor(a, requires_grad=True) for a in group] for group in weights(args))
    average = tuple([a.detach().clone() for a in group] for group in (W, b))
    adam = torch.optim.Adam(W + b, lr=RATE, betas=BETAS, fused=True)

    def step():
        adam.zero_grad(set_to_none=True)
        loss = pinn(W, b, joined) if args.loss == "pinn" else cd(W, b, average)
        loss.backward()
        adam.step()
        if args.loss == "cd":
            with torch.no_grad():
                torch._foreach_lerp_(average[0] + average[1], W + b, 1 - DECAY)
        return float(loss.detach())

    return step


names = {"tangent, fused Adam": False, "joined tangent, fused Adam": True} if args.loss == "pinn" else {"fused Adam": False}
variants, losses = {}, {}
for name, joined in names.items():
    step = stepper(joined)
    losses[name] = step()
    variants[name] = measure(step, args.steps)
report("torch", args, variants, losses, ["torch"])
