"""The same network on one research set alone: what the architecture can do, never shipped.

Writes OUT/train.jsonl and OUT/dev/NAME.jsonl and links the vectors, so that
`train.py --work OUT --judges NAME` trains and scores it.
"""
from __future__ import annotations

import argparse
import random
from pathlib import Path

from prepare import convert, held, read, write


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--set", required=True)
    parser.add_argument("--work", type=Path, required=True, help="where vocab.txt and vectors.npy are")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rows = read(args.data, args.set)
    train = [row for row in rows if row["split"] == "train"]
    dev = [row for row in rows if row["split"] == "dev"]
    if not dev:
        train, dev = [row for row in train if not held(row["text"])], [row for row in train if held(row["text"])]
    made = [convert(row, args.set, 1.0) for row in train if row["text"].strip()]
    random.Random(1).shuffle(made)
    write(args.out / "train.jsonl", made)
    write(args.out / "dev" / f"{args.set}.jsonl", [convert(row, args.set, 1.0) for row in dev])
    for name in ("vocab.txt", "vectors.npy"):
        link = args.out / name
        link.unlink(missing_ok=True)
        link.symlink_to((args.work / name).resolve())


if __name__ == "__main__":
    main()
