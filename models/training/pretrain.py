"""Teaches the network to guess hidden words of plain Wikipedia text before it sees a label.

A seventh of the units is hidden (word, spelling, shape, and the pairs an ideograph is in),
capitalised ones twice as often; the state at a hidden place has to be nearer to the
vector of the true word than to those of other words of the batch.
"""
from __future__ import annotations

import argparse
import lzma
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import data
from features import SHAPES, Featuriser
from model import Tagger
from train import describe, rate_at


def sample(paths: list[Path], every: int, offset: int) -> list[dict]:
    rows = []
    for path in paths:
        chinese = "-zh" in path.name
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number % every == offset and len(line) > 40:
                    rows.append({"text": line.strip()[: 160 if chinese else 500], "spans": [], "weight": 1.0})
    return rows


def hide(b: dict, share: float) -> torch.Tensor:
    """Hides units in place; the mask of hidden units whose word is known."""
    words, named = b["words"], (b["shapes"] == SHAPES["title"]) | (b["shapes"] == SHAPES["upper"])
    hidden = (torch.rand(words.shape) < torch.where(named, 2 * share, share)) & (words > 0)
    known = hidden & (words > 1)
    b["words"] = words.masked_fill(hidden, 1)
    b["which"] = b["which"].masked_fill(hidden, 0)
    b["shapes"] = b["shapes"].masked_fill(hidden, 0)
    left, right = F.pad(hidden, (1, 0))[:, :-1], F.pad(hidden, (0, 1))[:, 1:]
    pairs = torch.stack([hidden | left, hidden | right], dim=-1)
    b["bigrams"] = b["bigrams"].masked_fill(pairs & (b["bigrams"] > 0), 1)
    return known


class Guesser(nn.Module):
    def __init__(self, tagger: Tagger, width: int, word_dim: int):
        super().__init__()
        self.tagger = tagger
        self.guess = nn.Linear(width, word_dim)
        self.bias = nn.Embedding(tagger.word.num_embeddings, 1)
        nn.init.zeros_(self.bias.weight)

    def forward(self, states: torch.Tensor, targets: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
        """states [n, width], targets [n] → the loss of telling each target from all targets and others."""
        candidates, which = torch.unique(torch.cat([targets, others]), return_inverse=True)
        table = self.tagger.word(candidates)
        scores = self.guess(states) @ table.t() / table.shape[1] ** 0.5 + self.bias(candidates).squeeze(1)
        return F.cross_entropy(scores.float(), which[: len(targets)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, nargs="+", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--every", type=int, default=40, help="take every n-th paragraph")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--units", type=int, default=3000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--dilations", type=int, nargs="+", default=[1, 1, 2, 4, 8, 1])
    parser.add_argument("--frequent", type=int, default=10000)
    parser.add_argument("--new-words", type=int, default=3000)
    parser.set_defaults(start=None, drop=0.1)
    args = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(args.threads)
    config, vocab, vectors = describe(args, data.load(args.work / "train.jsonl"))
    rows = sample(args.texts, args.every, 3)
    featuriser = Featuriser(vocab, config["chars"], config["char_width"], config["char_head"])
    begun = time.time()
    packed = data.Packed(rows, featuriser)
    print(f"featurised {len(rows)} rows, {packed.at[-1]} units in {time.time() - begun:.0f} s", flush=True)
    tagger = Tagger(config)
    tagger.word.weight.data.copy_(vectors)
    tagger.learnt.weight.requires_grad_(False)
    model = Guesser(tagger, config["width"], config["word_dim"])
    states: list[torch.Tensor] = []
    tagger.norm.register_forward_hook(lambda _, __, out: states.append(out))
    learnt = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learnt, lr=args.rate, weight_decay=0.01)
    r, losses, step, begun = np.random.default_rng(1), [], 0, time.time()
    counts = np.bincount(packed.table["words"], minlength=len(vocab)).astype(np.float64) ** 0.75
    counts[:2] = 0
    edges = np.cumsum(counts / counts.sum())
    done = lambda: (time.time() - begun) / (60 * args.minutes)
    while done() < 1:
        for group in packed.batches(r, args.units):
            b = packed.batch(group)
            b.pop("labels"), b.pop("style")
            targets = b["words"]
            # Spelling 0 is that of padding: a hidden unit shows none.
            b["which"], b["chars"] = b["which"] + 1, F.pad(b["chars"], (0, 0, 1, 0))
            known = hide(b, 0.12)
            others = torch.from_numpy(np.searchsorted(edges, r.random(1500)))
            for g in optimiser.param_groups:
                g["lr"] = rate_at(done(), args.rate)
            states.clear()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                tagger(**b)
                loss = model(states[-1][known], targets[known], others.clamp(max=len(vocab) - 1))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimiser.step()
            losses.append(loss.item())
            step += 1
            if step % 100 == 0:
                print(f"step {step} done {done():.2f} loss {np.mean(losses[-100:]):.3f}", flush=True)
            if step % 300 == 0 or done() >= 1:
                torch.save({"model": tagger.state_dict(), "config": config, "vocab": vocab, "step": step}, args.out)
            if done() >= 1:
                break


if __name__ == "__main__":
    main()
