"""A checkpoint between two of the same shape, the second trained on from the first: often
better than either on text that neither was trained on, and it forgets less."""
from __future__ import annotations

import argparse
from pathlib import Path

import torch

from evaluate import load_checkpoint

WORDS = ("word.weight", "learnt.weight")


def blend(before: Path, after: Path, share: float) -> dict:
    """`share` of the second. Vectors are mixed word by word; a word that only the second knows keeps its own."""
    (old, _, first), (new, _, second) = load_checkpoint(before), load_checkpoint(after)
    if any(first["config"][k] != second["config"][k] for k in ("chars", "width", "dilations")):
        raise SystemExit("the checkpoints differ in shape or characters")
    a, b, at = old.state_dict(), new.state_dict(), {word: i for i, word in enumerate(first["vocab"])}
    state = {k: torch.lerp(a[k], b[k], share) for k in b if k not in WORDS}
    before_table, table = old.table(), new.table()
    for i, word in enumerate(second["vocab"]):
        if word in at:
            table[i] = torch.lerp(before_table[at[word]], table[i], share)
    config = {**second["config"], "also": [], "fixed": len(second["vocab"])}
    state |= {"word.weight": table, "learnt.weight": torch.zeros(config["frequent"], table.shape[1])}
    return {"model": state, "config": config, "vocab": second["vocab"], "step": second["step"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--after", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.5, help="of the second")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.save(blend(args.before, args.after, args.share), args.out)


if __name__ == "__main__":
    main()
