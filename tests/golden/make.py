#!/usr/bin/env python3
"""Makes the stored figures that the tests of common/ compare with:

    python3 tests/golden/make.py        (from the repository's root; needs torch, numpy and safetensors)

It writes rng.h, split.h, ops.h, net.h and from_python.safetensors beside itself. The tests do not run it. The files in the
repository were made with PyTorch 2.13.0 (CPU), NumPy and safetensors 0.8.0 on CPython 3.
"""

import pathlib
import random

import numpy
import safetensors.numpy
import torch
import torch.nn.functional as F

SEED = 2147483647  # the lectures' seed
HERE = pathlib.Path(__file__).parent


class Header:
    """A C header of constant arrays."""

    def __init__(self, name, about):
        self.path = HERE / name
        self.lines = [f"// {name}: {about} Made by make.py."]

    def array(self, ctype, name, values, show):
        words = [show(v) for v in values]
        self.lines.append(f"static const {ctype} {name}[{len(words)}] = {{")
        per_line = 8
        for i in range(0, len(words), per_line):
            self.lines.append("    " + ", ".join(words[i : i + per_line]) + ",")
        self.lines.append("};")

    def floats(self, name, values):
        self.array("float", name, torch.as_tensor(values).flatten().tolist(), float_text)

    def doubles(self, name, values):
        self.array("double", name, values, repr)

    def ints(self, name, values):
        self.array("int", name, values, str)

    def words(self, name, values):
        self.array("uint32_t", name, values, lambda v: f"{v}u")

    def write(self):
        self.path.write_text("\n".join(self.lines) + "\n")


def float_text(value):
    """Nine digits give back the same float."""
    text = f"{value:.9g}"
    return text + ("f" if "." in text or "e" in text else ".0f")


# --- the random generator ---


def make_rng():
    h = Header("rng.h", "what CPython's and PyTorch's random generators give.")

    # init_genrand: the first words, and those around the first and the second new state of 624 words
    for seed in (0, 1, 42, SEED, 4294967295):
        twister = numpy.random.MT19937()
        twister._legacy_seeding(seed)
        raw = [int(w) for w in twister.random_raw(1300)]
        h.words(f"BITS_{seed}", raw[:6] + raw[621:627] + raw[1245:1251])

    # CPython: random.seed, getrandbits, randrange, shuffle
    for seed in (0, 42, 4294967295):
        python = random.Random(seed)
        h.words(f"PYTHON_BITS_{seed}", [python.getrandbits(32) for _ in range(6)])
    python = random.Random(42)
    sizes = [1, 2, 3, 7, 100, 1000, 2**31, 2**31 + 1, 2**32 - 1]
    h.words("PYTHON_SIZES", sizes)
    h.words("PYTHON_RANDRANGE", [python.randrange(n) for n in sizes for _ in range(4)])
    for n, seed in ((1, 42), (2, 42), (3, 42), (20, 42), (20, 0), (65, 7)):
        order = list(range(n))
        random.Random(seed).shuffle(order)
        h.ints(f"SHUFFLE_{n}_{seed}", order)

    # PyTorch: uniform and whole numbers
    torch.manual_seed(SEED)
    h.floats("TORCH_RAND", torch.rand(20))
    torch.manual_seed(SEED)
    h.doubles("TORCH_RAND_DOUBLE", torch.rand(20, dtype=torch.double).tolist())
    torch.manual_seed(SEED)
    sizes = [1, 2, 27, 1000, 32033, 2**28 - 1]  # from 2**28 on PyTorch draws 64 bits for each
    h.words("TORCH_SIZES", sizes)
    h.words("TORCH_RANDINT", [torch.randint(0, n, ()).item() for n in sizes for _ in range(4)])

    # PyTorch: normal numbers, each size from a new start
    for n in (1, 5, 15, 16, 17, 33, 729):
        torch.manual_seed(SEED)
        h.floats(f"TORCH_RANDN_{n}", torch.randn(n))
    # one after the other from the same generator: under 16 they are made in pairs, and a spare waits for its turn
    torch.manual_seed(SEED)
    sizes = [5, 33, 1, 2, 16, 3, 100, 1, 1]
    h.ints("RANDN_SIZES", sizes)
    h.floats("TORCH_RANDN_CALLS", torch.cat([torch.randn(n) for n in sizes]))
    h.words("TORCH_RANDINT_AFTER", [torch.randint(0, 1000, ()).item() for _ in range(2)])
    # a new seed throws the spare away
    torch.manual_seed(SEED)
    torch.randn(1)
    torch.manual_seed(1)
    h.floats("TORCH_RANDN_RESEEDED", torch.randn(3))
    h.write()


def make_split():
    h = Header("split.h", "0 to 19 as random.seed(42); random.shuffle() leaves them.")
    order = list(range(20))
    random.Random(42).shuffle(order)
    h.ints("SPLIT_20", order)
    h.write()


# --- operations ---


def leaf(*shape, scale=1.0):
    return (scale * torch.randn(*shape)).requires_grad_()


def make_ops():
    h = Header("ops.h", "values and gradients of lesson 02's operations in PyTorch.")
    torch.manual_seed(SEED)

    x, w, b, dy = leaf(5, 7), leaf(3, 7), leaf(3), torch.randn(5, 3)
    y = F.linear(x, w, b)
    y.backward(dy)
    for name, value in dict(X=x, W=w, B=b, DY=dy, Y=y, DX=x.grad, DW=w.grad, DB=b.grad).items():
        h.floats(f"LINEAR_{name}", value)

    x, dy = leaf(4, 9, scale=3), torch.randn(4, 9)
    y = F.softmax(x, dim=-1)
    y.backward(dy)
    for name, value in dict(X=x, DY=dy, Y=y, DX=x.grad).items():
        h.floats(f"SOFTMAX_{name}", value)

    x, target = leaf(6, 11, scale=2), torch.tensor([3, 0, 10, 3, 7, 5])
    loss = F.cross_entropy(x, target)
    loss.backward()
    h.floats("CROSS_ENTROPY_X", x)
    h.ints("CROSS_ENTROPY_TARGET", target.tolist())
    h.floats("CROSS_ENTROPY_Y", loss)
    h.floats("CROSS_ENTROPY_DX", x.grad)
    x.grad = None
    target[1] = target[4] = -100
    loss = F.cross_entropy(x, target, ignore_index=-100)
    loss.backward()
    h.ints("IGNORE_TARGET", target.tolist())
    h.floats("IGNORE_Y", loss)
    h.floats("IGNORE_DX", x.grad)

    x = torch.tensor([[1000.0, -1000, 0, 999], [-1000, -1000, -1000, -1000], [-1000, 1000, 1000, -999]], requires_grad=True)
    target = torch.tensor([1, 2, 2])
    loss = F.cross_entropy(x, target)
    loss.backward()
    h.floats("EXTREME_X", x)
    h.ints("EXTREME_TARGET", target.tolist())
    h.floats("EXTREME_Y", loss)
    h.floats("EXTREME_DX", x.grad)

    w, before = leaf(3, 5), leaf(1)
    after = before + 0.01 * (w**2).mean()
    after.backward()
    h.floats("PENALTY_W", w)
    h.floats("PENALTY_LOSS", before)
    h.floats("PENALTY_Y", after)
    h.floats("PENALTY_DW", w.grad)
    h.write()


# --- lesson 02's net ---


def make_net():
    h = Header("net.h", "ten steps of lesson 02's net in PyTorch: 9 characters, learning rate 10, seed 2147483647.")
    torch.manual_seed(1)
    ids = torch.randint(0, 9, (200,))
    h.ints("NET_IDS", ids.tolist())
    for name, penalty in (("PLAIN", 0.0), ("PENALTY", 0.5)):
        torch.manual_seed(SEED)
        w = torch.randn(9, 9).requires_grad_()  # (before, next)
        losses = []
        for _ in range(10):
            loss = F.cross_entropy(F.one_hot(ids[:-1], 9).float() @ w, ids[1:]) + penalty * (w**2).mean()
            w.grad = None
            loss.backward()
            losses.append(loss.item())
            w.data -= 10 * w.grad
        h.floats(f"NET_{name}_LOSS", losses)
        h.floats(f"NET_{name}_W", w)
    h.write()


# --- a file in the safetensors format ---


def make_safetensors():
    arrays = {
        "weight": numpy.arange(6, dtype=numpy.float32).reshape(2, 3) / 4 - 0.5,
        "count": numpy.array([1, 2, 4294967295], dtype=numpy.uint32),
        "id": numpy.array([-1, 2147483647], dtype=numpy.int32),
        "long": numpy.array([[-(2**40)]], dtype=numpy.int64),
        "vocab": numpy.frombuffer(b"\n.ab\xff", dtype=numpy.uint8),
        "scalar": numpy.array(0.1, dtype=numpy.float32),
        "none": numpy.zeros((0, 3), dtype=numpy.float32),
    }
    path = HERE / "from_python.safetensors"
    safetensors.numpy.save_file(arrays, path, metadata={"made by": "Python, é"})
    path.chmod(0o644)


if __name__ == "__main__":
    make_rng()
    make_split()
    make_ops()
    make_net()
    make_safetensors()
