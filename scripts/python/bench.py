"""PyTorch's and NumPy's side of the bench: bench.py THREADS

Answers each line {"task": name, "count": n} on stdin with {"milliseconds": time of one run, the mean of n}; the
first line of all says the versions. The tasks are those of scripts/bench/tasks.ts, on inputs of the same shapes.
"""

import json
import sys
import time

import numpy as np
import torch

BATCH = 64


def step_of_mlp(hidden, make_optimizer):
    sizes = [784, 784, hidden, hidden, 10]
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    optimizer = make_optimizer(model.parameters())
    x, y = torch.rand(BATCH, 784), torch.randint(10, (BATCH,))

    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        loss.item()

    return step


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=0.1)


def adam(parameters):
    return torch.optim.Adam(parameters, lr=1e-3)


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


TASKS = {
    "training step, MLP 784-784-256-256-10, SGD": lambda: step_of_mlp(256, sgd),
    "training step, MLP 784-784-1024-1024-10, SGD": lambda: step_of_mlp(1024, sgd),
    "training step, MLP 784-784-2048-2048-10, SGD": lambda: step_of_mlp(2048, sgd),
    "training step, MLP 784-784-1024-1024-10, Adam": lambda: step_of_mlp(1024, adam),
    "singular values, 784², float32": lambda: on_matrix(784, torch.linalg.svdvals),
    "singular values, 1024², float32": lambda: on_matrix(1024, torch.linalg.svdvals),
    "singular values, 2048², float32": lambda: on_matrix(2048, torch.linalg.svdvals),
    "matrix rank, 1024², float32 (NumPy)": lambda: on_array(1024, lambda a: np.linalg.matrix_rank(a, tol=1e-4)),
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
        task = request["task"]
        if task not in prepared:
            prepared.clear()
            prepared[task] = TASKS[task]()
            prepared[task]()
        started = time.perf_counter()
        for _ in range(request["count"]):
            prepared[task]()
        tell(milliseconds=(time.perf_counter() - started) * 1000 / request["count"])


if __name__ == "__main__":
    main(int(sys.argv[1]))
