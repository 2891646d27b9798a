"""Records features and PyTorch's logits of the fixture's texts, with the rounded weights
of the export, for parity.mjs."""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from evaluate import load_checkpoint
from fixture import TEXTS
from quantise import round_weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    model, featuriser, _ = load_checkpoint(args.checkpoint)
    round_weights(model)
    model.eval()
    cases = []
    for text in TEXTS:
        e = featuriser.encode(text)
        if not e["words"]:
            continue
        batch = {k: torch.tensor([e[k]]) for k in ("words", "bigrams", "chars", "shapes", "gaps")}
        with torch.no_grad():
            logits = model(**batch, mask=torch.ones(1, len(e["words"])))
        flat = lambda v: [x for item in v for x in item] if v and isinstance(v[0], list) else v
        cases.append({**{k: flat(e[k]) for k in batch}, "logits": logits.reshape(-1).tolist()})
    args.out.write_text(json.dumps(cases), "utf-8")


if __name__ == "__main__":
    main()
