"""The network of train_cd.py as two ONNX graphs, f and f with its derivative along (1, dx), and their descriptions.

    python write_onnx.py --out network      # the folder that train_cd.py wrote
"""

import argparse
import json
from pathlib import Path

import torch
from torch import nn
from train_cd import C, T_MIN, read, shared


class Dual(nn.Module):
    """(t, x, dx) to f and its derivative along (1, dx), by rules of the chain: a graph that ONNX can hold."""

    def __init__(self, f):
        super().__init__()
        self.f = f

    def forward(self, t, x, dx):
        u, r = t - T_MIN, torch.sqrt(t * t + C * C)
        h = torch.cat([torch.log(t) / 4, x / r], dim=1)
        dh = torch.cat([0.25 / t, dx / r - x * t / r**3], dim=1)
        for layer in self.f.net:
            if isinstance(layer, nn.Linear):
                h, dh = layer(h), dh @ layer.weight.T
            else:
                s = torch.sigmoid(h)
                h, dh = h * s, dh * (s + h * s * (1 - s))
        q = u * u + C * C
        skip, out = C * C / q, C * u / r
        dskip, dout = -2 * u * C * C / q**2, C / r - C * u * t / r**3
        return skip * x + out * h, dskip * x + skip * dx + dout * h + out * dh


def write(f, folder):
    t, x = torch.tensor([[0.01], [0.5]]), torch.tensor([[-2.1, 0.1], [1.0, 2.0]])
    rows = {name: {0: "n"} for name in ("t", "x", "dx", "f", "df")}
    for graph, inputs, outputs, net in (("f", ["t", "x"], ["f"], f), ("dual", ["t", "x", "dx"], ["f", "df"], Dual(f))):
        torch.onnx.export(net, (t, x, x)[: len(inputs)], folder / f"{graph}.onnx", input_names=inputs, output_names=outputs,
                          dynamic_axes={name: rows[name] for name in inputs + outputs}, dynamo=False)
    onnx = {**shared(f), "kind": "onnx", "start": T_MIN, "graph": "f.onnx"}
    (folder / "onnx.json").write_text(json.dumps({**onnx, "name": "onnx"}, indent=2))
    (folder / "dual.json").write_text(json.dumps({**onnx, "name": "onnx-dual", "dual": "dual.onnx"}, indent=2))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("network"))
    folder = parser.parse_args().out
    write(read(folder), folder)
