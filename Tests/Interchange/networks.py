"""The other side of NetworkInterchangeTests.swift: PyTorch saves networks, and judges those that Swift has saved.

    networks.py probe            succeeds if torch and safetensors are there
    networks.py write FOLDER     saves torch_*.safetensors
    networks.py check FOLDER     loads adjoint_*.safetensors and compares outputs

A file holds an input x, the output y, and the state dictionary under "weights.".
"""
import sys
import torch
from safetensors.torch import load_file, save_file
from torch import nn

TOLERANCE = 1e-6


def networks():
    """The networks of NetworkInterchangeTests.swift, and the shapes of their inputs."""
    return {
        "mlp": (nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 3)), (7, 5)),
        "lstm": (nn.LSTM(5, 12, num_layers=2, bidirectional=True), (9, 4, 5)),
        "gru": (nn.GRU(5, 12, num_layers=2, bidirectional=True), (9, 4, 5)),
        "rnn": (nn.RNN(5, 12), (9, 4, 5)),
    }


def output(network, x):
    with torch.no_grad():
        y = network(x)
    return y[0] if isinstance(y, tuple) else y


def write(folder):
    torch.manual_seed(0)
    for name, (network, shape) in networks().items():
        x = torch.randn(shape)
        tensors = {"x": x, "y": output(network, x).contiguous()}
        tensors.update({"weights." + key: value.contiguous() for key, value in network.state_dict().items()})
        save_file(tensors, f"{folder}/torch_{name}.safetensors")


def check(folder):
    for name, (network, _) in networks().items():
        tensors = load_file(f"{folder}/adjoint_{name}.safetensors")
        weights = {key.removeprefix("weights."): value for key, value in tensors.items() if key.startswith("weights.")}
        network.load_state_dict(weights, strict=True)
        difference = (output(network, tensors["x"]) - tensors["y"]).abs().max().item()
        print(f"{name}: saved by Adjoint, outputs in PyTorch differ by {difference:.1e}")
        if not difference <= TOLERANCE:
            sys.exit(f"{name}: {difference} is above {TOLERANCE}")


{"probe": lambda: None, "write": write, "check": check}[sys.argv[1]](*sys.argv[2:])
