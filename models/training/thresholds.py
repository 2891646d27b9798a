"""P / R / F1 of each entity over thresholds, on one or more dev sets together."""
from __future__ import annotations

import argparse
from pathlib import Path

import torch

import data
import tags
from evaluate import load_checkpoint, predict
from quantise import round_weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", default=["uner-ewt-en", "wnut17-en", "uner-gsdsimp-zh", "btc-en-held"])
    args = parser.parse_args()
    torch.set_num_threads(1)
    model, featuriser, _ = load_checkpoint(args.checkpoint)
    round_weights(model)
    pairs = []
    for name in args.sets:
        rows = data.load(args.dev / f"{name}.jsonl")
        pairs += list(zip(rows, predict(model, featuriser, rows, scores=True)))
    print("threshold " + " ".join(f"{e:>24}" for e in tags.ENTITIES))
    for least in (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        score = tags.Score()
        for row, found in pairs:
            score.add(row["spans"], [s[:3] for s in found if s[3] >= least])
        print(f"{least:9.1f} " + " ".join("{:10.1f} {:6.1f} {:6.1f}".format(*score.of(e)) for e in tags.ENTITIES))


if __name__ == "__main__":
    main()
