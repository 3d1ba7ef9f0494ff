"""PyTorch's and NumPy's side of the bench: bench.py THREADS [--compile]

Answers each line {"task": name, "count": n} on stdin with {"milliseconds": time of one run, the mean of n,
"megabytes": of its own}, or {"error": why not}; the first line of all says the versions. The tasks are those of
scripts/bench/tasks.ts, on inputs of the same shapes. With --compile, models go through torch.compile.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

COMPILE = "--compile" in sys.argv
MNIST = Path(__file__).parents[2] / "data" / "mnist"


def mlp(hidden):
    sizes = [784, 784, hidden, hidden, 10]
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def conv_net(channels, first, second, features, hidden):
    side = 28 if channels == 1 else 32
    return torch.nn.Sequential(
        torch.nn.Unflatten(1, (channels, side, side)),
        torch.nn.Conv2d(channels, first, 5),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(first, second, 5),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(features, hidden),
        torch.nn.ReLU(),
        torch.nn.Linear(hidden, 10),
    )


class SubspaceNet(torch.nn.Module):
    def __init__(self, dimension):
        super().__init__()
        self.shapes = [(784, 200), (200, 200), (200, 10), (1, 200), (1, 200), (1, 10)]
        self.counts = [rows * columns for rows, columns in self.shapes]
        size = sum(self.counts)
        self.register_buffer("P", torch.randn(size, dimension) / size**0.5)
        self.omega = torch.nn.Parameter(torch.randn(dimension, 1))

    def forward(self, x):
        flat = self.P.mm(self.omega).reshape(-1).split(self.counts)
        w1, w2, w3, b1, b2, b3 = [part.reshape(shape) for part, shape in zip(flat, self.shapes)]
        hidden = torch.relu(x.mm(w1) + b1)
        return torch.relu(hidden.mm(w2) + b2).mm(w3) + b3


class ProjectedNet(torch.nn.Module):
    """The CIFAR-10 net of notebook 02 that reads all its linear weights through a fixed random matrix."""

    def __init__(self, hidden=500, size=460):
        super().__init__()
        self.convolutions = conv_net(*CIFAR10_NET)[:8]
        self.fc1 = torch.nn.Linear(1250 + size, hidden)
        self.fc2 = torch.nn.Linear(hidden, 10)
        weights = self.fc1.weight.numel() + self.fc2.weight.numel()
        self.register_buffer("P", torch.nn.init.xavier_uniform_(torch.empty(weights, size)))

    def forward(self, x):
        weights = torch.cat([self.fc1.weight.data, self.fc2.weight.data.T], 1).reshape(1, -1)
        fed = (weights @ self.P).expand(len(x), -1)
        features = torch.cat([self.convolutions(x), fed], 1)
        return self.fc2(torch.relu(self.fc1(features)))


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=0.1)


def slow(parameters):
    return torch.optim.SGD(parameters, lr=0.01, momentum=0.5)


def adam(parameters):
    return torch.optim.Adam(parameters, lr=1e-3)


def trainer(model, make_optimizer):
    """A function of a batch that takes a step."""
    optimizer = make_optimizer(model.parameters())
    forward = torch.compile(model) if COMPILE else model

    def step(x, y):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(forward(x), y)
        loss.backward()
        optimizer.step()
        loss.item()

    return step


def step_of(model, make_optimizer, features=784, batch=64):
    step = trainer(model, make_optimizer)
    x, y = torch.rand(batch, features), torch.randint(10, (batch,))
    return lambda: step(x, y)


def epoch_of(model, make_optimizer, mean=0.0, deviation=1.0, batch=64):
    """Without a DataLoader, whose work on each example would take longer than the steps: batches are gathered at once."""
    step = trainer(model, make_optimizer)
    images = np.frombuffer((MNIST / "train-images-idx3-ubyte").read_bytes(), np.uint8, offset=16)
    images = torch.from_numpy(images.reshape(-1, 784).copy())
    labels = np.frombuffer((MNIST / "train-labels-idx1-ubyte").read_bytes(), np.uint8, offset=8)
    labels = torch.from_numpy(labels.astype(np.int64))

    def epoch():
        order = torch.randperm(len(images))
        for start in range(0, len(order) - batch + 1, batch):
            indices = order[start : start + batch]
            step((images[indices].float() / 255 - mean) / deviation, labels[indices])

    return epoch


def on_matrix(n, function, dtype=torch.float32):
    a = torch.randn(n, n, dtype=dtype)
    return lambda: function(a)


def cholesky(n):
    a = torch.randn(n, n)
    positive = a @ a.T + n * torch.eye(n)
    return lambda: torch.linalg.cholesky(positive)


def on_array(n, function):
    a = np.random.RandomState(0).randn(n, n).astype(np.float32)
    return lambda: function(a)


def low_rank(n, rank):
    factor = lambda rows, columns: np.random.randn(rows, columns).astype(np.float32) / np.float32(n**0.5)
    return factor(n, rank) @ factor(rank, n)


def rank_of_low(n, rank):
    a = low_rank(n, rank)
    return lambda: np.linalg.matrix_rank(a)


def basis(rows, columns):
    a = np.random.default_rng(0).standard_normal((rows, columns), np.float32)
    return lambda: np.linalg.qr(a)


MNIST_NET = (1, 5, 10, 160, 50)
CIFAR10_NET = (3, 20, 50, 1250, 700)

TASKS = {
    "training step, MLP 784-784-256-256-10, SGD": lambda: step_of(mlp(256), sgd),
    "training step, MLP 784-784-1024-1024-10, SGD": lambda: step_of(mlp(1024), sgd),
    "training step, MLP 784-784-2048-2048-10, SGD": lambda: step_of(mlp(2048), sgd),
    "training step, MLP 784-784-1024-1024-10, Adam": lambda: step_of(mlp(1024), adam),
    "training step, conv net, MNIST, SGD": lambda: step_of(conv_net(*MNIST_NET), slow),
    "training step, conv net, CIFAR-10, SGD": lambda: step_of(conv_net(*CIFAR10_NET), slow, features=3072),
    **{
        f"training step, projected weight feedback, CIFAR-10, SGD{how}": lambda: step_of(ProjectedNet(), slow, features=3072)
        for how in ("", ", ours by a count sketch")
    },
    "training step, subspace net, ω = 1000, Adam": lambda: step_of(SubspaceNet(1000), adam, batch=256),
    "epoch of MNIST, MLP 784-784-256-256-10, SGD": lambda: epoch_of(mlp(256), sgd),
    "epoch of MNIST, conv net, MNIST, SGD": lambda: epoch_of(conv_net(*MNIST_NET), slow, 0.1307, 0.3081),
    "singular values, 784², float32": lambda: on_matrix(784, torch.linalg.svdvals),
    "singular values, 1024², float32": lambda: on_matrix(1024, torch.linalg.svdvals),
    "singular values, 2048², float32": lambda: on_matrix(2048, torch.linalg.svdvals),
    **{
        f"{name}, {n}², float32{how} (NumPy)": lambda n=n, function=function: on_array(n, function)
        for n in (784, 1024, 2048)
        for name, how, function in (
            ("singular values", "", lambda a: np.linalg.svd(a, compute_uv=False)),
            ("matrix rank", ", tol 1e-4", lambda a: np.linalg.matrix_rank(a, tol=1e-4)),
            ("spectral norm", "", lambda a: np.linalg.norm(a, 2)),
        )
    },
    "matrix rank, 1024² of rank 600, float32 (NumPy)": lambda: rank_of_low(1024, 600),
    "orthonormal basis, 199,210 × 1000, float32 (NumPy)": lambda: basis(199_210, 1000),
    "SVD with vectors, 784², float64": lambda: on_matrix(784, torch.linalg.svd, torch.float64),
    "QR, 784², float32": lambda: on_matrix(784, torch.linalg.qr),
    "symmetric eigenvalues, 784², float32": lambda: on_matrix(784, torch.linalg.eigvalsh),
    "Cholesky, 784², float32": lambda: cholesky(784),
    "product, 1000², float64": lambda: on_matrix(1000, lambda a: a @ a, torch.float64),
    "20 million normals (NumPy)": lambda: lambda: np.random.RandomState(0).randn(20_000_000),
    "10 million normals": lambda: lambda: torch.randn(10_000_000),
}


def tell(**message):
    print(json.dumps(message), flush=True)


def main(threads):
    torch.set_num_threads(threads)
    tell(versions=f"PyTorch {torch.__version__}, NumPy {np.__version__}")
    prepared = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            tell(**measured(prepared, request["task"], request["count"]))
        except Exception as error:
            tell(error=str(error))


def measured(prepared, task, count):
    if task not in prepared:
        prepared[task] = TASKS[task]()
        prepared[task]()
    started = time.perf_counter()
    for _ in range(count):
        prepared[task]()
    milliseconds = (time.perf_counter() - started) * 1000 / count
    return {"milliseconds": milliseconds, "megabytes": own_megabytes()}


def own_megabytes():
    """Resident memory without the pages of files, such as libraries."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    main(int(sys.argv[1]))
