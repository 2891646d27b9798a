"""A checkpoint between two of the same shape, the second trained on from the first: often
better than either on text that neither was trained on, and it forgets less."""
from __future__ import annotations

import argparse
from pathlib import Path

import torch

from train import learnt_words


def by_word(rows: torch.Tensor, before: dict, after: dict) -> torch.Tensor:
    """The first one's learnt vectors in the order of the second one's words; a word that
    only the second knows keeps its vector."""
    old, at = before["model"]["learnt.weight"], learnt_words(before["vocab"], before["config"])
    out = rows.clone()
    for word, i in learnt_words(after["vocab"], after["config"]).items():
        if word in at:
            out[i] = old[at[word]]
    return out


def blend(before: dict, after: dict, share: float) -> dict:
    fixed = after["config"]["fixed"]
    same = all(before["config"][k] == after["config"][k] for k in ("chars", "fixed", "frequent", "width", "dilations"))
    if not same or before["vocab"][:fixed] != after["vocab"][:fixed]:
        raise SystemExit("the checkpoints differ in shape, characters or vectors")
    kept = {"word.weight": after["model"]["word.weight"], "learnt.weight": by_word(after["model"]["learnt.weight"], before, after)}
    first = {**before["model"], **kept}
    model = {k: torch.lerp(first[k], v, share) for k, v in after["model"].items()}
    return {"model": model, "config": after["config"], "vocab": after["vocab"], "step": after["step"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--after", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.5, help="of the second")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.save(blend(torch.load(args.before), torch.load(args.after), args.share), args.out)


if __name__ == "__main__":
    main()
