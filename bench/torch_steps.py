#!/usr/bin/env python3
"""The lessons' training steps in PyTorch, for bench/speed.sh to time from outside.

usage: torch_steps.py WORK STEPS [THREADS] [compile]        WORK: mlp | wavenet | lstm | small | gpt-cpu | gpt-baby | gpt2

The same shapes, the same batch, the same optimizer; what the numbers are does not matter to the time, so they are random.
Prints PyTorch's version.
"""
import sys

import torch
import torch.nn.functional as F

EXAMPLES, V, BATCH, RATE = 182625, 27, 32, 0.1


def parameters(*shapes):
    return [torch.randn(*s).mul_(s[0] ** -0.5).requires_grad_() for s in shapes]


class Mlp:
    """Lesson 03: 3 characters, embedding 10, hidden 200, tanh."""

    block = 3

    def __init__(self):
        self.params = parameters((V, 10), (30, 200), (200,), (200, V), (V,))

    def logits(self, x):
        c, w1, b1, w2, b2 = self.params
        return torch.addmm(b2, torch.tanh(torch.addmm(b1, c[x].view(-1, 30), w1)), w2)


class Wavenet:
    """Lesson 05's tree128: 8 characters, embedding 24, three levels of 128 with batch normalisation and tanh."""

    block = 8

    def __init__(self):
        self.params = parameters((V, 24), (48, 128), (256, 128), (256, 128), (128, V), (V,), *[(128,)] * 6)
        self.running = [(torch.zeros(128), torch.ones(128)) for _ in range(3)]

    def logits(self, x):
        c, *w, w_last, b_last, g1, g2, g3, s1, s2, s3 = self.params
        h = c[x]
        for matrix, gain, shift, (mean, var) in zip(w, (g1, g2, g3), (s1, s2, s3), self.running):
            h = h.view(h.shape[0], h.shape[1] // 2, -1) @ matrix
            flat = F.batch_norm(h.view(-1, 128), mean, var, gain, shift, training=True)
            h = torch.tanh(flat).view(h.shape)
        return torch.addmm(b_last, h.squeeze(1), w_last)


class Lstm(torch.nn.Module):
    """Lesson 06: one layer of 256, embedding 64, 32 streams of 64 steps, dropout, clipping, AdamW."""

    def __init__(self):
        super().__init__()
        self.c, self.rnn, self.out = torch.nn.Embedding(65, 64), torch.nn.LSTM(64, 256), torch.nn.Linear(256, 65)

    def forward(self, x, state):
        h, state = self.rnn(self.c(x), state)
        return self.out(F.dropout(h, 0.1)), state


def train_lstm(steps, compiled):
    net = Lstm()
    step = torch.compile(net) if compiled else net
    ids, state = torch.randint(0, 65, (steps + 1, 64, 32)), None
    optimizer = torch.optim.AdamW(net.parameters(), 4e-3)
    for x in ids[:steps]:
        logits, state = step(x, state)
        state = tuple(s.detach() for s in state)
        loss = F.cross_entropy(logits.view(-1, 65), x.view(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()


def dropping(p):
    """Dropout, or nothing at all: with p = 0 the former would still cost something."""
    return torch.nn.Dropout(p) if p else torch.nn.Identity()


class Block(torch.nn.Module):
    def __init__(self, C, NH, T, act, qkv_bias, bias, dropout):
        super().__init__()
        self.NH, self.act, self.drop = NH, act, dropping(dropout)
        self.register_buffer("later", torch.ones(T, T, dtype=torch.bool).triu(1))
        self.norm1, self.norm2 = (torch.nn.LayerNorm(C) for _ in range(2))
        self.qkv, self.proj = torch.nn.Linear(C, 3 * C, bias=qkv_bias), torch.nn.Linear(C, C, bias=bias)
        self.up, self.down = torch.nn.Linear(C, 4 * C, bias=bias), torch.nn.Linear(4 * C, C, bias=bias)

    def attention(self, x):
        B, T, C = x.shape
        q, k, v = (part.view(B, T, self.NH, -1).transpose(1, 2) for part in self.qkv(x).split(C, 2))
        if hasattr(F, "scaled_dot_product_attention"):
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            y = (q @ k.transpose(-2, -1) * q.shape[-1] ** -0.5).masked_fill(self.later, float("-inf")).softmax(-1) @ v
        return self.proj(y.transpose(1, 2).reshape(B, T, C))

    def forward(self, x):
        x = x + self.drop(self.attention(self.norm1(x)))
        return x + self.drop(self.down(self.act(self.up(self.norm2(x)))))


class Gpt(torch.nn.Module):
    """The decoder of lessons 08 and 09: layers, heads, width, places, vocabulary."""

    def __init__(self, L, NH, C, T, V, act, qkv_bias, bias, tied, dropout):
        super().__init__()
        self.drop = dropping(dropout)
        self.tokens, self.positions = torch.nn.Embedding(V, C), torch.nn.Embedding(T, C)
        self.blocks = torch.nn.Sequential(*[Block(C, NH, T, act, qkv_bias, bias, dropout) for _ in range(L)])
        self.norm, self.head = torch.nn.LayerNorm(C), torch.nn.Linear(C, V, bias=not tied)
        if tied:
            self.head.weight = self.tokens.weight

    def forward(self, x):
        return self.head(self.norm(self.blocks(self.drop(self.tokens(x) + self.positions.weight))))


def train_gpt(steps, compiled, L, NH, C, T, B, V=65, act=F.gelu, qkv_bias=False, bias=False, tied=True, dropout=0.0, clip=1.0):
    net = Gpt(L, NH, C, T, V, act, qkv_bias, bias, tied, dropout)
    step = torch.compile(net) if compiled else net
    ids = torch.randint(0, 65, (1000000,))
    optimizer = torch.optim.AdamW(net.parameters(), 1e-3, betas=(0.9, 0.99), weight_decay=0.1)
    for _ in range(steps):
        at = torch.randint(0, len(ids) - T, (B,))
        x, y = torch.stack([ids[i : i + T] for i in at]), torch.stack([ids[i + 1 : i + T + 1] for i in at])
        loss = F.cross_entropy(step(x).view(-1, V), y.view(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(net.parameters(), clip)
        optimizer.step()


# those that are no plain SGD on an MLP
TRAIN = {
    "lstm": train_lstm,
    "small": lambda steps, compiled: train_gpt(steps, compiled, 4, 4, 64, 32, 16, act=F.relu, bias=True, tied=False, clip=0),
    "gpt-cpu": lambda steps, compiled: train_gpt(steps, compiled, 4, 4, 128, 64, 12),
    "gpt-baby": lambda steps, compiled: train_gpt(steps, compiled, 6, 6, 384, 256, 16, dropout=0.2),
    "gpt2": lambda steps, compiled: train_gpt(steps, compiled, 12, 12, 768, 64, 4, V=50257, qkv_bias=True, bias=True),
}


def main():
    work, steps = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    torch.manual_seed(0)
    if work in TRAIN:
        TRAIN[work](steps, "compile" in sys.argv[4:])
        print(torch.__version__)
        return
    net = {"mlp": Mlp, "wavenet": Wavenet}[work]()
    contexts, targets = torch.randint(0, V, (EXAMPLES, net.block)), torch.randint(0, V, (EXAMPLES,))
    logits = torch.compile(net.logits) if "compile" in sys.argv[4:] else net.logits
    for _ in range(steps):
        i = torch.randint(0, EXAMPLES, (BATCH,))
        loss = F.cross_entropy(logits(contexts[i]), targets[i])
        for p in net.params:
            p.grad = None
        loss.backward()
        with torch.no_grad():
            for p in net.params:
                p -= RATE * p.grad
    print(torch.__version__)


if __name__ == "__main__":
    main()
