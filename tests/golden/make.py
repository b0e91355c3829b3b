#!/usr/bin/env python3
"""Makes the stored figures that the tests of common/ compare with:

    python3 tests/golden/make.py        (from the repository's root; needs torch, numpy and safetensors)

It writes rng.h, split.h, ops.h, net.h, mlp.h, batchnorm.h, wavenet.h, recurrent.h, attention.h, transformer.h, gpt.h, moe.h and from_python.safetensors beside itself. The tests do not run it. The files in the
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


# --- lessons 03 to 05 ---


def make_mlp():
    h = Header("mlp.h", "values and gradients of lesson 03's operations in PyTorch.")
    torch.manual_seed(SEED)
    ids = torch.tensor([[4, 1, 4], [0, 4, 1]])
    w, dy = leaf(5, 3), torch.randn(2, 3, 3)
    y = F.embedding(ids, w)
    y.backward(dy)
    h.ints("EMBEDDING_ID", ids.flatten().tolist())
    for name, value in dict(W=w, DY=dy, Y=y, DW=w.grad).items():
        h.floats(f"EMBEDDING_{name}", value)
    x, dy = leaf(5, 7, scale=3), torch.randn(5, 7)
    y = torch.tanh(x)
    y.backward(dy)
    for name, value in dict(X=x, DY=dy, Y=y, DX=x.grad).items():
        h.floats(f"TANH_{name}", value)
    h.write()


class BatchNorm:
    """The lectures' batch normalisation: the unbiased variance in both places."""

    def __init__(self, gain, bias, mean, var, momentum):
        self.gain, self.bias, self.mean, self.var, self.momentum = gain, bias, mean, var, momentum

    def __call__(self, x, training):
        mean, var = self.mean, self.var
        if training:
            rows = tuple(range(x.ndim - 1))
            mean, var = x.mean(rows), x.var(rows, unbiased=True)
            with torch.no_grad():
                self.mean = (1 - self.momentum) * self.mean + self.momentum * mean
                self.var = (1 - self.momentum) * self.var + self.momentum * var
        return self.gain * (x - mean) / torch.sqrt(var + 1e-5) + self.bias


def make_batchnorm():
    h = Header("batchnorm.h", "values and gradients of lesson 04's operations in PyTorch.")
    torch.manual_seed(SEED)
    for name, shape in (("ROWS", (6, 5)), ("TIME", (3, 4, 5))):
        x, gain, bias, dy = leaf(*shape, scale=2), leaf(5), leaf(5), torch.randn(*shape)
        bn = BatchNorm(gain, bias, torch.randn(5), torch.rand(5) + 0.5, 0.3)
        h.floats(f"{name}_MEAN_BEFORE", bn.mean)
        h.floats(f"{name}_VAR_BEFORE", bn.var)
        y = bn(x, True)
        y.backward(dy)
        for key, value in dict(X=x, GAIN=gain, BIAS=bias, DY=dy, Y=y, DX=x.grad, DGAIN=gain.grad, DBIAS=bias.grad, MEAN=bn.mean, VAR=bn.var).items():
            h.floats(f"{name}_{key}", value)
        x.grad = gain.grad = bias.grad = None
        y = bn(x, False)
        # the same as PyTorch's own, whose evaluation mode does not differ
        assert torch.allclose(y, F.batch_norm(x.movedim(-1, 1), bn.mean, bn.var, gain, bias).movedim(1, -1), atol=1e-6)
        y.backward(dy)
        for key, value in dict(Y=y, DX=x.grad, DGAIN=gain.grad, DBIAS=bias.grad).items():
            h.floats(f"{name}_EVAL_{key}", value)
    x, dy = leaf(4, 9), torch.randn(4, 9)
    y = F.relu(x)
    y.backward(dy)
    for key, value in dict(X=x, DY=dy, Y=y, DX=x.grad).items():
        h.floats(f"RELU_{key}", value)
    torch.manual_seed(SEED)
    h.floats("KAIMING_W", (torch.randn(30, 7) * (5 / 3) / 30**0.5).T.contiguous())
    w, grad = torch.randn(6, 5), torch.randn(6, 5)
    h.floats("RATIO_W", w)
    h.floats("RATIO_GRAD", grad)
    h.doubles("RATIO_LOG10", [((0.1 * grad.double()).std() / w.double().std()).log10().item()])
    h.write()


def make_wavenet():
    h = Header("wavenet.h", "lesson 05's convolution, and a small tree with all its gradients, in PyTorch.")
    torch.manual_seed(SEED)
    x, w, b, dy = leaf(3, 7, 2), leaf(5, 3, 2), leaf(5), torch.randn(3, 7, 5)  # (B,T,I), (O,K,I), (O), (B,T,O)
    y = F.conv1d(F.pad(x.transpose(1, 2), (2 * 2, 0)), w.transpose(1, 2), b, dilation=2).transpose(1, 2)
    y.backward(dy)
    for key, value in dict(X=x, W=w, B=b, DY=dy, Y=y, DX=x.grad, DW=w.grad, DB=b.grad).items():
        h.floats(f"CONV_{key}", value)

    # 9 characters, windows of 8, embedding 3, hidden 5; drawn as lecture 5 draws: C, then layer by layer, the last times 0.1
    V, B, block, emb, hidden = 9, 6, 8, 3, 5
    ids, target = torch.randint(0, V, (B, block)), torch.randint(0, V, (B,))
    torch.manual_seed(42)
    c = torch.randn(V, emb).requires_grad_()
    linear = [(torch.randn(i, o) / i**0.5) for i, o in ((2 * emb, hidden), (2 * hidden, hidden), (2 * hidden, hidden), (hidden, V))]
    linear[-1] *= 0.1
    linear = [l.requires_grad_() for l in linear]
    last_bias = torch.zeros(V, requires_grad=True)
    norms = [BatchNorm(torch.ones(hidden, requires_grad=True), torch.zeros(hidden, requires_grad=True), torch.zeros(hidden), torch.ones(hidden), 0.1) for _ in range(3)]
    x = c[ids]
    for l, bn in zip(linear[:-1], norms):
        x = x.view(B, x.shape[1] // 2, -1)
        x = torch.tanh(bn(x @ l, True))
    logits = x.squeeze(1) @ linear[-1] + last_bias
    loss = F.cross_entropy(logits, target)
    loss.backward()
    h.ints("TREE_ID", ids.flatten().tolist())
    h.ints("TREE_TARGET", target.tolist())
    h.floats("TREE_LOGITS", logits)
    h.floats("TREE_LOSS", loss)
    h.floats("TREE_DC", c.grad)
    for i, l in enumerate(linear):
        h.floats(f"TREE_DW{i}", l.grad.T.contiguous())
    for i, bn in enumerate(norms):
        h.floats(f"TREE_DGAIN{i}", bn.gain.grad)
        h.floats(f"TREE_DBIAS{i}", bn.bias.grad)
        h.floats(f"TREE_VAR{i}", bn.var)
    h.floats("TREE_DB", last_bias.grad)
    h.write()


# --- lesson 06 ---


def make_recurrent():
    h = Header("recurrent.h", "torch.nn.RNN, LSTM and GRU with a state from before, and AdamW and clipping, in PyTorch.")
    torch.manual_seed(SEED)
    T, B, I, H = 5, 3, 4, 7
    x, dy = leaf(T, B, I), torch.randn(T, B, H)
    h0, c0 = torch.randn(1, B, H), torch.randn(1, B, H)
    for key, value in dict(X=x, DY=dy, H0=h0, C0=c0).items():
        h.floats(f"RECURRENT_{key}", value)
    for name, kind, gates in (("RNN", torch.nn.RNN, 1), ("LSTM", torch.nn.LSTM, 4), ("GRU", torch.nn.GRU, 3)):
        net = kind(I, H)
        with torch.no_grad():
            for p in net.parameters():
                p.copy_(torch.randn_like(p) * 0.5)
            net.bias_hh_l0.zero_()
        x.grad = None
        y, state = net(x, (h0, c0) if name == "LSTM" else h0)
        y.backward(dy)
        values = dict(WX=net.weight_ih_l0, WH=net.weight_hh_l0, B=net.bias_ih_l0, Y=y, DX=x.grad, DWX=net.weight_ih_l0.grad,
                      DWH=net.weight_hh_l0.grad, DB=net.bias_ih_l0.grad)
        if name == "LSTM":
            values["C"] = state[1]
        for key, value in values.items():
            h.floats(f"{name}_{key}", value)

    w = torch.randn(11).requires_grad_()
    h.floats("ADAMW_W", w)
    optimizer = torch.optim.AdamW([w], lr=0.01, weight_decay=0.1)
    for step in range(5):
        w.grad = torch.randn(11)
        h.floats(f"ADAMW_G{step}", w.grad)
        optimizer.step()
        h.floats(f"ADAMW_W{step}", w)

    T, B, A, H = 6, 2, 5, 3
    query, key, v, value, dy = leaf(T, B, A), leaf(T, B, A), leaf(A), leaf(T, B, H), torch.randn(T, B, H)
    score = (torch.tanh(query[:, None] + key[None, :]) * v).sum(-1).permute(2, 0, 1)  # (B,T,T) [b][t][s]
    earlier = torch.ones(T, T).tril(-1).bool()
    weight = score.masked_fill(~earlier, float("-inf")).softmax(-1).nan_to_num(0)  # nothing is earlier than place 0
    y = torch.einsum("bts,sbh->tbh", weight, value)
    y.backward(dy)
    for key_, value_ in dict(Q=query, K=key, V=v, H=value, DY=dy, Y=y, WEIGHT=weight, DQ=query.grad, DK=key.grad, DV=v.grad, DH=value.grad).items():
        h.floats(f"ADDITIVE_{key_}", value_)

    a, b = torch.randn(5), torch.randn(3)
    a.grad, b.grad = torch.randn(5), 3 * torch.randn(3)
    h.floats("CLIP_BEFORE", torch.cat([a.grad, b.grad]))
    h.floats("CLIP_NORM", torch.nn.utils.clip_grad_norm_([a, b], 1.0))
    h.floats("CLIP_AFTER", torch.cat([a.grad, b.grad]))
    h.write()


# --- lesson 07 ---


def rope(x, base=10000.0):
    """x (B,NH,T,HS): pairs (2i, 2i+1) as complex numbers, turned."""
    T, HS = x.shape[-2:]
    angle = torch.outer(torch.arange(T).float(), base ** (-torch.arange(0, HS, 2).float() / HS))
    turned = torch.view_as_complex(x.unflatten(-1, (HS // 2, 2)).contiguous()) * torch.polar(torch.ones_like(angle), angle)
    return torch.view_as_real(turned).flatten(-2)


def make_attention():
    h = Header("attention.h", "lesson 07's operations, by scaled_dot_product_attention and complex numbers, in PyTorch.")
    torch.manual_seed(SEED)
    B, T, C, NH = 2, 5, 12, 3
    qkv, dy = leaf(B, T, 3 * C), torch.randn(B, T, C)
    h.floats("ATTENTION_QKV", qkv)
    h.floats("ATTENTION_DY", dy)
    slope = 2.0 ** -torch.tensor([4.0, 8.0, 2.0])  # ALiBi's for three heads
    away = torch.arange(T)[:, None] - torch.arange(T)[None, :]
    mask = torch.zeros(T, T).masked_fill(away < 0, float("-inf"))
    for name, bias, turned in (("PLAIN", mask, False), ("ALIBI", mask - slope[:, None, None] * away, False), ("ROPE", mask, True)):
        q, k, v = (part.view(B, T, NH, C // NH).transpose(1, 2) for part in qkv.split(C, 2))
        if turned:
            q, k = rope(q), rope(k)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=bias).transpose(1, 2).reshape(B, T, C)
        qkv.grad = None
        y.backward(dy)
        h.floats(f"{name}_Y", y)
        h.floats(f"{name}_DQKV", qkv.grad)
        if name == "PLAIN":
            weight = (q @ k.transpose(-2, -1) / (C // NH) ** 0.5 + mask).softmax(-1)
            h.floats("PLAIN_WEIGHT", weight)
    x, table, dy = leaf(2, 4, 6), leaf(9, 6), torch.randn(2, 4, 6)
    y = x + table[3:7]
    y.backward(dy)
    for key, value in dict(X=x, TABLE=table, DY=dy, Y=y, DTABLE=table.grad).items():
        h.floats(f"POSITIONS_{key}", value)
    t, i = torch.arange(7).double(), torch.arange(0, 6, 2).double()
    angle = t[:, None] / 10000 ** (i / 6)
    h.floats("SINUSOID", torch.stack([angle.sin(), angle.cos()], -1).flatten(1).float())
    h.write()


# --- lesson 08 ---


def make_transformer():
    h = Header("transformer.h", "lesson 08's operations, and whole blocks with all their gradients, in PyTorch.")
    torch.manual_seed(SEED)
    B, T, C, NH, F4 = 2, 5, 12, 3, 48
    x, gain, bias, dy = leaf(B, T, C, scale=2), leaf(C), leaf(C), torch.randn(B, T, C)
    y = F.layer_norm(x, (C,), gain, bias)
    y.backward(dy)
    for key, value in dict(X=x, GAIN=gain, BIAS=bias, DY=dy, Y=y, DX=x.grad, DGAIN=gain.grad, DBIAS=bias.grad).items():
        h.floats(f"LAYERNORM_{key}", value)
    x, dy = leaf(4, 9, scale=3), torch.randn(4, 9)
    y = F.gelu(x, approximate="tanh")
    y.backward(dy)
    for key, value in dict(X=x, DY=dy, Y=y, DX=x.grad).items():
        h.floats(f"GELU_{key}", value)

    shapes = dict(GAIN1=(C,), BIAS1=(C,), QKV=(3 * C, C), QKV_BIAS=(3 * C,), PROJ=(C, C), PROJ_BIAS=(C,), GAIN2=(C,), BIAS2=(C,), UP=(F4, C), UP_BIAS=(F4,), DOWN=(C, F4), DOWN_BIAS=(C,))
    w = {key: leaf(*shape, scale=0.5) for key, shape in shapes.items()}
    x, dy = leaf(B, T, C), torch.randn(B, T, C)
    for key, value in dict(X=x, DY=dy, **w).items():
        h.floats(f"BLOCK_{key}", value)

    def talk(x):
        q, k, v = (part.view(B, T, NH, C // NH).transpose(1, 2) for part in F.linear(x, w["QKV"], w["QKV_BIAS"]).split(C, 2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(B, T, C)
        return F.linear(y, w["PROJ"], w["PROJ_BIAS"])

    def think(x, activation):
        return F.linear(activation(F.linear(x, w["UP"], w["UP_BIAS"])), w["DOWN"], w["DOWN_BIAS"])

    def norm(x, k):
        return F.layer_norm(x, (C,), w[f"GAIN{k}"], w[f"BIAS{k}"])

    gelu = lambda x: F.gelu(x, approximate="tanh")
    forms = dict(
        PRE=lambda x: (a := x + talk(norm(x, 1))) + think(norm(a, 2), gelu),
        POST=lambda x: norm((a := norm(x + talk(x), 1)) + think(a, F.relu), 2),
        BARE=lambda x: think(talk(x), F.relu),
    )
    for name, form in forms.items():
        for t in (x, *w.values()):
            t.grad = None
        y = form(x)
        y.backward(dy)
        h.floats(f"{name}_Y", y)
        h.floats(f"{name}_DX", x.grad)
        for key, t in w.items():
            if t.grad is not None:
                h.floats(f"{name}_D{key}", t.grad)
    h.write()


def make_gpt():
    """A small GPT with all its weights in one piece, in the order of our buffer: matrices first, then vectors."""
    h = Header("gpt.h", "lesson 09's GPT: logits, loss and all gradients, and two groups of AdamW, in PyTorch.")
    torch.manual_seed(SEED)
    V, B, T, C, NH, L = 11, 2, 5, 12, 3, 2
    matrices = dict(tokens=(V, C), positions=(T, C))
    vectors = {}
    for l in range(L):
        matrices |= {f"{l}.qkv": (3 * C, C), f"{l}.proj": (C, C), f"{l}.up": (4 * C, C), f"{l}.down": (C, 4 * C)}
        vectors |= {f"{l}.gain1": (C,), f"{l}.bias1": (C,), f"{l}.qkv_bias": (3 * C,), f"{l}.proj_bias": (C,), f"{l}.gain2": (C,), f"{l}.bias2": (C,),
                    f"{l}.up_bias": (4 * C,), f"{l}.down_bias": (C,)}
    vectors |= dict(gain=(C,), bias=(C,))
    w = {key: leaf(*shape, scale=0.4) for key, shape in {**matrices, **vectors}.items()}
    flat = lambda tensors: torch.cat([t.detach().reshape(-1) for t in tensors])
    h.floats("GPT_W", flat(w.values()))
    x, y = torch.randint(0, V, (B, T)), torch.randint(0, V, (B, T))
    h.ints("GPT_X", x.flatten().tolist())
    h.ints("GPT_Y", y.flatten().tolist())

    def logits():
        a = w["tokens"][x] + w["positions"]
        for l in range(L):
            n = F.layer_norm(a, (C,), w[f"{l}.gain1"], w[f"{l}.bias1"])
            q, k, v = (p.view(B, T, NH, C // NH).transpose(1, 2) for p in F.linear(n, w[f"{l}.qkv"], w[f"{l}.qkv_bias"]).split(C, 2))
            o = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(B, T, C)
            a = a + F.linear(o, w[f"{l}.proj"], w[f"{l}.proj_bias"])
            n = F.layer_norm(a, (C,), w[f"{l}.gain2"], w[f"{l}.bias2"])
            a = a + F.linear(F.gelu(F.linear(n, w[f"{l}.up"], w[f"{l}.up_bias"]), approximate="tanh"), w[f"{l}.down"], w[f"{l}.down_bias"])
        return F.linear(F.layer_norm(a, (C,), w["gain"], w["bias"]), w["tokens"])

    z = logits()
    loss = F.cross_entropy(z.view(-1, V), y.view(-1))
    loss.backward()
    h.floats("GPT_LOGITS", z)
    h.floats("GPT_LOSS", loss)
    h.floats("GPT_DW", flat(t.grad for t in w.values()))
    optimizer = torch.optim.AdamW([dict(params=[t for t in w.values() if t.dim() > 1], weight_decay=0.1),
                                   dict(params=[t for t in w.values() if t.dim() < 2], weight_decay=0.0)], lr=0.01, betas=(0.9, 0.99))
    for _ in range(3):
        optimizer.step()        # three times with the same gradient
    h.floats("GPT_AFTER", flat(w.values()))
    h.write()


# --- lesson 11 ---


def moe(x, router, up, down, K):
    """x (N,C), token by token, expert by expert; the logits (N,E) and the choice (N,K) too."""
    logits = x @ router.T
    top, choice = logits.topk(K)
    gate = top.softmax(-1)
    rows = []
    for n in range(len(x)):
        said = []
        for k in range(K):
            g, u = (up[choice[n, k]] @ x[n]).chunk(2)
            said.append(gate[n, k] * (down[choice[n, k]] @ (F.silu(g) * u)))
        rows.append(sum(said))
    return torch.stack(rows), logits, choice


def price(logits, choice, weight):
    E = logits.shape[-1]
    share = torch.bincount(choice.flatten(), minlength=E) / choice.numel()
    return weight * E * (share * logits.softmax(-1).mean(0)).sum()


def make_moe():
    h = Header("moe.h", "lesson 11's operations, and a whole small model, in PyTorch.")
    torch.manual_seed(SEED)
    x, gain, dy = leaf(2, 5, 12, scale=2), leaf(12), torch.randn(2, 5, 12)
    y = F.rms_norm(x, (12,), gain, eps=1e-5)
    y.backward(dy)
    for key, value in dict(X=x, GAIN=gain, DY=dy, Y=y, DX=x.grad, DGAIN=gain.grad).items():
        h.floats(f"RMSNORM_{key}", value)

    x, dy = leaf(5, 14, scale=3), torch.randn(5, 7)
    g, u = x.chunk(2, -1)
    y = F.silu(g) * u
    y.backward(dy)
    for key, value in dict(X=x, DY=dy, Y=y, DX=x.grad).items():
        h.floats(f"SWIGLU_{key}", value)

    # grouped queries: each key and value stands before several heads
    B, T, NH, KV, HS = 2, 5, 6, 2, 4
    x, dy = leaf(B, T, (NH + 2 * KV) * HS), torch.randn(B, T, NH * HS)
    q, k, v = (part.view(B, T, -1, HS).transpose(1, 2) for part in x.split((NH * HS, KV * HS, KV * HS), 2))
    y = F.scaled_dot_product_attention(rope(q), rope(k), v, is_causal=True, enable_gqa=True).transpose(1, 2).reshape(B, T, NH * HS)
    y.backward(dy)
    for key, value in dict(X=x, DY=dy, Y=y, DX=x.grad).items():
        h.floats(f"GQA_{key}", value)

    N, C, F_, E, K = 9, 6, 5, 7, 3
    x, dy = leaf(N, C), torch.randn(N, C)
    w = dict(router=leaf(E, C), up=leaf(E, 2 * F_, C), down=leaf(E, C, F_))
    y, logits, choice = moe(x, w["router"], w["up"], w["down"], K)
    cost = price(logits, choice, 0.3)
    ((y * dy).sum() + cost).backward()
    h.ints("MOE_CHOICE", choice.flatten().tolist())
    for key, value in dict(X=x, DY=dy, Y=y, DX=x.grad, PRICE=cost, **w, **{"d" + key: t.grad for key, t in w.items()}).items():
        h.floats(f"MOE_{key.upper()}", value)

    V, B, T, C, NH, KV, F_, E, K, L = 11, 2, 5, 12, 6, 2, 7, 5, 2, 2
    HS = C // NH
    matrices, vectors = dict(tokens=(V, C)), {}
    for l in range(L):
        matrices |= {f"{l}.qkv": ((NH + 2 * KV) * HS, C), f"{l}.proj": (C, C), f"{l}.router": (E, C), f"{l}.up": (E, 2 * F_, C), f"{l}.down": (E, C, F_)}
        vectors |= {f"{l}.gain1": (C,), f"{l}.gain2": (C,)}
    vectors |= dict(gain=(C,))
    w = {key: leaf(*shape, scale=0.4) for key, shape in {**matrices, **vectors}.items()}
    flat = lambda tensors: torch.cat([t.detach().reshape(-1) for t in tensors])
    h.floats("MIXTRAL_W", flat(w.values()))
    x, y = torch.randint(0, V, (B, T)), torch.randint(0, V, (B, T))
    h.ints("MIXTRAL_X", x.flatten().tolist())
    h.ints("MIXTRAL_Y", y.flatten().tolist())
    a, cost = w["tokens"][x], 0
    for l in range(L):
        n = F.rms_norm(a, (C,), w[f"{l}.gain1"], eps=1e-5)
        q, k, v = (part.view(B, T, -1, HS).transpose(1, 2) for part in (n @ w[f"{l}.qkv"].T).split((NH * HS, KV * HS, KV * HS), 2))
        o = F.scaled_dot_product_attention(rope(q), rope(k), v, is_causal=True, enable_gqa=True).transpose(1, 2).reshape(B, T, C)
        a = a + o @ w[f"{l}.proj"].T
        n = F.rms_norm(a, (C,), w[f"{l}.gain2"], eps=1e-5).view(B * T, C)
        o, logits, choice = moe(n, w[f"{l}.router"], w[f"{l}.up"], w[f"{l}.down"], K)
        a = a + o.view(B, T, C)
        cost = cost + price(logits, choice, 0.05)
    z = F.rms_norm(a, (C,), w["gain"], eps=1e-5) @ w["tokens"].T
    loss = F.cross_entropy(z.view(-1, V), y.view(-1))
    (loss + cost).backward()
    h.floats("MIXTRAL_LOGITS", z)
    h.floats("MIXTRAL_LOSS", loss)
    h.floats("MIXTRAL_PRICE", cost)
    h.floats("MIXTRAL_DW", flat(t.grad for t in w.values()))
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
    make_mlp()
    make_batchnorm()
    make_wavenet()
    make_recurrent()
    make_attention()
    make_transformer()
    make_gpt()
    make_moe()
    make_safetensors()
