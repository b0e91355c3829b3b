#!/usr/bin/env python3
"""Lesson 10's encoder beside tiktoken and Hugging Face's tokenizers: one thread each, GPT-2's vocabulary from the local files, the same text.

usage: tokens.py [TEXT [TIMES]]        TEXT: datasets/shakespeare.txt, repeated TIMES (16)

All are timed inside, encoding alone; ours also from outside, as a command. Wants: pip install tiktoken tokenizers; datasets/fetch.sh shakespeare
gpt2-tokenizer; make build/10-bpe build/encode.
"""
import array
import json
import os
import subprocess
import sys
import tempfile
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"
VOCAB, MERGES = "datasets/gpt2-vocab.json", "datasets/gpt2-merges.txt"
PATTERN = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


def bytes_of_characters():
    """The byte of each character in GPT-2's files."""
    plain = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [b for b in range(256) if b not in plain]
    return {chr(b): b for b in plain} | {chr(256 + i): b for i, b in enumerate(others)}


def best(work, rounds=3):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def ours(text):
    """The encoder alone, and the whole command with reading its files and printing."""
    command = ["build/10-bpe", "encode", "--vocab", VOCAB, "--merges", MERGES]
    with tempfile.NamedTemporaryFile() as source, tempfile.NamedTemporaryFile() as ids:
        source.write(text)
        source.flush()
        whole, _ = best(lambda: (source.seek(0), subprocess.run(command, stdin=source, stdout=subprocess.DEVNULL, check=True)))
        alone = subprocess.run(["build/encode", VOCAB, MERGES, source.name, ids.name], stdout=subprocess.PIPE, check=True).stdout
        return float(alone), whole, array.array("i", open(ids.name, "rb").read()).tolist()


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else "datasets/shakespeare.txt"
    text = open(path, "rb").read() * (int(sys.argv[2]) if len(sys.argv) > 2 else 16)
    string = text.decode()
    alone, whole, ids = ours(text)
    rows = {"build/10-bpe's encoder": (alone, ids), "the whole command, files and printing too": (whole, ids)}
    try:
        import tiktoken
        byte = bytes_of_characters()
        ranks = {bytes(byte[c] for c in token): i for token, i in json.load(open(VOCAB)).items() if token != "<|endoftext|>"}
        encoding = tiktoken.Encoding("gpt2", pat_str=PATTERN, mergeable_ranks=ranks, special_tokens={"<|endoftext|>": 50256})
        rows["tiktoken " + tiktoken.__version__] = best(lambda: encoding.encode_ordinary(string))
    except ImportError:
        print("tiktoken is not here: pip install tiktoken", file=sys.stderr)
    try:
        import tokenizers
        tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE.from_file(VOCAB, MERGES))
        tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
        rows["tokenizers " + tokenizers.__version__] = best(lambda: tokenizer.encode(string).ids, 1)
    except ImportError:
        print("tokenizers is not here: pip install tokenizers", file=sys.stderr)
    print(f"{'':42} {'tokens':>10} {'seconds':>8} {'MB/s':>7}")
    first = next(iter(rows.values()))[1]
    for name, (seconds, ids) in rows.items():
        print(f"{name:42} {len(ids):10} {seconds:8.3f} {len(text) / seconds / 1e6:7.1f}   {'the same ids' if ids == first else 'OTHER IDS'}")


main()
