"""Trains the tagger; resumes from work/last.pt when it is there and --resume is given."""
from __future__ import annotations

import argparse
import json
import math
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import data
import tags
from evaluate import score_set
from features import Featuriser, unit_pattern
from model import Tagger


def char_table(rows: list[dict], limit: int) -> str:
    seen: Counter[str] = Counter()
    for row in rows:
        for match in unit_pattern().finditer(row["text"]):
            if match.lastgroup != "cjk":
                seen.update(match.group())
    return "".join(sorted(c for c, n in seen.most_common(limit) if n > 2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--units", type=int, default=3000, help="units a batch")
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--dilations", type=int, nargs="+", default=[1, 1, 2, 4, 8, 1])
    parser.add_argument("--drop", type=float, default=0.25)
    parser.add_argument("--lower", type=float, default=0.15)
    parser.add_argument("--upper", type=float, default=0.03)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rows = data.load(args.work / "train.jsonl")
    vocab = (args.work / "vocab.txt").read_text("utf-8").split("\n")[:-1]
    vectors = torch.from_numpy(np.load(args.work / "vectors.npy").astype(np.float32))
    chars = char_table(rows, 1500)
    config = {
        "vocab_size": len(vocab), "word_dim": vectors.shape[1], "pair_dim": 64, "char_count": len(chars), "char_dim": 24,
        "spell_dim": 80, "shape_dim": 16, "gap_dim": 4, "width": args.width, "dilations": args.dilations,
        "drop": args.drop, "labels": len(tags.TAGS), "tags": tags.TAGS, "chars": chars, "char_width": 16, "char_head": 10,
    }
    featuriser = Featuriser(vocab, chars, config["char_width"], config["char_head"])
    begun = time.time()
    packed = data.Packed(data.with_cases(rows, args.lower, args.upper), featuriser)
    print(f"featurised {len(packed.weights)} rows, {packed.at[-1]} units in {time.time() - begun:.0f} s", flush=True)
    model = Tagger(config)
    model.word.weight.data.copy_(vectors)
    learnt = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learnt, lr=args.rate, weight_decay=0.01)
    r = np.random.default_rng(args.seed)
    steps = len(packed.batches(np.random.default_rng(0), args.units)) * args.epochs
    print(f"{sum(p.numel() for p in learnt)} learnt parameters, {steps} steps", flush=True)
    first = 0
    if args.resume and args.out.exists():
        saved = torch.load(args.out)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        first = saved["epoch"]
    step, begun, seen = steps // args.epochs * first, time.time(), 0
    for epoch in range(first, args.epochs):
        model.train()
        losses = []
        for group in packed.batches(r, args.units):
            b = packed.batch(group)
            labels = b.pop("labels")
            # A tenth of known words is hidden, so that the spelling has to speak for itself.
            hide = (torch.rand(b["words"].shape) < 0.07) & (b["words"] > 1)
            b["words"] = b["words"].masked_fill(hide, 1)
            rate = args.rate * min(1.0, step / 200) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, step / steps)))
            for g in optimiser.param_groups:
                g["lr"] = max(rate, 1e-6)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(**b)
            loss = F.cross_entropy(logits.float().reshape(-1, len(tags.TAGS)), labels.reshape(-1), ignore_index=-100)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimiser.step()
            losses.append(loss.item())
            step, seen = step + 1, seen + int(b["mask"].sum())
            if step % 100 == 0:
                print(f"step {step}/{steps} loss {np.mean(losses[-100:]):.4f} {seen / (time.time() - begun):.0f} units/s", flush=True)
        torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "epoch": epoch + 1, "config": config, "vocab": vocab}, args.out)
        for name in ("uner-ewt-en", "uner-gsdsimp-zh", "wnut17-en"):
            path = args.work / "dev" / f"{name}.jsonl"
            if path.exists():
                s = score_set(model, featuriser, data.load(path))
                print(f"epoch {epoch + 1} {name} all {s.of()[2]:.1f} " + " ".join(f"{e} {s.of(e)[2]:.1f}" for e in tags.ENTITIES), flush=True)


if __name__ == "__main__":
    main()
