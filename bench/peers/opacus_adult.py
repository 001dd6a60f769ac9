"""Opacus on the UCI Adult table: accuracy over seeds and processor time, beside `bench train`.

    opacus_adult.py speed FOLDER
    opacus_adult.py accuracy FOLDER [SEEDS]

FOLDER holds `adult.data` and `adult.test` with a line of names. It needs PyTorch and Opacus, which
are too large for the test command; `docs/benchmarks.md` says which versions were measured. Both
sides take batches of 512 (Poisson), 10 epochs, a clip of 1, delta 1e-5, one thread. Opacus
calibrates its noise with its own default accountant and draws it from PyTorch's generator.

`speed` prints lines of model, mode and processor seconds of one training at epsilon 3 (median of
three; `plain` is PyTorch without privacy). `accuracy` prints lines of encoding, model, epsilon and
the means over the seeds of accuracy and area under the curve on the test table. Encodings:
`one-hot` (91 inputs, numbers standardised as nobody charges for) and `hats` (Cloister's: 24 public
knots a number).
"""

import csv
import pathlib
import statistics
import sys
import time
import warnings

import torch
from opacus import PrivacyEngine
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

NUMBERS = {
    "age": (17, 90, False),
    "education-num": (1, 16, False),
    "capital-gain": (0, 99_999, True),
    "capital-loss": (0, 4_356, False),
    "hours-per-week": (1, 99, False),
}
WORDS = ["workclass", "marital-status", "occupation", "relationship", "race", "sex", "native-country"]
BATCH, EPOCHS, CLIP, DELTA, KNOTS = 512, 10, 1.0, 1e-5, 24
RATES = {"logistic": 0.5, "mlp": 0.2}


def table(path):
    with open(path, newline="", encoding="ascii") as file:
        rows = csv.reader(file, skipinitialspace=True)
        names = next(rows)
        return [dict(zip(names, row)) for row in rows if row]


def encoded(train, test, hats):
    """Inputs and targets of both tables."""
    columns = []
    for name, (low, high, logarithmic) in NUMBERS.items():
        both = []
        for rows in (train, test):
            values = torch.tensor([float(row[name]) for row in rows]).clamp(low, high) - low
            width = torch.tensor(float(high - low))
            share = values.log1p() / width.log1p() if logarithmic else values / width
            both.append(share)
        if hats:
            knots = torch.arange(KNOTS)
            both = [(1 - (it[:, None] * (KNOTS - 1) - knots).abs()).clamp(min=0) for it in both]
        else:
            mean, deviation = both[0].mean(), both[0].std()
            both = [((it - mean) / deviation)[:, None] for it in both]
        columns.append(both)
    for name in WORDS:
        words = sorted({row[name] for row in train})
        both = []
        for rows in (train, test):
            both.append(torch.tensor([[float(row[name] == word) for word in words] for row in rows]))
        columns.append(both)
    inputs = [torch.cat([column[side] for column in columns], 1) for side in (0, 1)]
    targets = [
        torch.tensor([float(row["classification"].strip(".") == ">50K") for row in rows])
        for rows in (train, test)
    ]
    return inputs, targets


def network(kind, width):
    if kind == "logistic":
        return nn.Linear(width, 1)
    return nn.Sequential(
        nn.Linear(width, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 1)
    )


class Loss(nn.BCEWithLogitsLoss):
    """Of one column of scores; ghost clipping asks for losses person by person."""

    def forward(self, scores, targets):
        return super().forward(scores.squeeze(1), targets)


def fit(kind, inputs, targets, mode, epsilon, seed):
    """A trained network and the processor seconds of its training alone."""
    torch.manual_seed(seed)
    model = network(kind, inputs.shape[1])
    optimiser = torch.optim.SGD(model.parameters(), lr=RATES[kind], momentum=0.9)
    loader = DataLoader(TensorDataset(inputs, targets), batch_size=BATCH, shuffle=True)
    criterion = Loss()
    if mode != "plain":
        engine = PrivacyEngine()
        words = {
            "module": model,
            "optimizer": optimiser,
            "data_loader": loader,
            "target_epsilon": epsilon,
            "target_delta": DELTA,
            "epochs": EPOCHS,
            "max_grad_norm": CLIP,
        }
        if mode == "ghost":
            made = engine.make_private_with_epsilon(
                **words, criterion=criterion, grad_sample_mode="ghost"
            )
            model, optimiser, criterion, loader = made
        else:
            model, optimiser, loader = engine.make_private_with_epsilon(**words)
    started = time.process_time()
    for _ in range(EPOCHS):
        for x, y in loader:
            optimiser.zero_grad()
            criterion(model(x), y).backward()
            optimiser.step()
    return model, time.process_time() - started


def area(scores, targets):
    """The area under the curve, ties by their middle rank."""
    order = scores.argsort()
    ordered = scores[order]
    _, place, count = torch.unique_consecutive(ordered, return_inverse=True, return_counts=True)
    last = count.cumsum(0).double()
    middle = (last - (count - 1) / 2.0)[place]
    positive = targets[order] > 0.5
    many, few = int(positive.sum()), int((~positive).sum())
    return float((middle[positive].sum() - many * (many + 1) / 2) / (many * few))


def speed(folder):
    inputs, targets = encoded(*tables(folder), hats=False)
    for kind in RATES:
        for mode in ("plain", "hooks", "ghost"):
            seconds = [fit(kind, inputs[0], targets[0], mode, 3.0, seed)[1] for seed in range(3)]
            print(kind, mode, f"{statistics.median(seconds):.3f}", flush=True)


def accuracy(folder, seeds):
    for encoding in ("one-hot", "hats"):
        inputs, targets = encoded(*tables(folder), hats=encoding == "hats")
        for kind in RATES:
            for epsilon in (1.0, 3.0):
                shares, areas = [], []
                for seed in range(seeds):
                    model, _ = fit(kind, inputs[0], targets[0], FASTEST[kind], epsilon, seed)
                    model.eval()
                    with torch.no_grad():
                        scores = model(inputs[1]).squeeze(1)
                    shares.append(float(((scores > 0) == (targets[1] > 0.5)).float().mean()))
                    areas.append(area(scores, targets[1]))
                figures = f"{statistics.mean(shares):.4f} {statistics.mean(areas):.4f}"
                print(encoding, inputs[0].shape[1], kind, epsilon, figures, flush=True)


FASTEST = {"logistic": "hooks", "mlp": "ghost"}


def tables(folder):
    folder = pathlib.Path(folder)
    return table(folder / "adult.data"), table(folder / "adult.test")


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    if sys.argv[1:2] == ["speed"] and len(sys.argv) == 3:
        speed(sys.argv[2])
    elif sys.argv[1:2] == ["accuracy"] and len(sys.argv) in (3, 4):
        accuracy(sys.argv[2], int(sys.argv[3]) if len(sys.argv) == 4 else 10)
    else:
        sys.exit(__doc__)
