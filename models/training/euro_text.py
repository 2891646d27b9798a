"""The running text of the labelled European rows, a few times over, so that their words get vectors."""
from __future__ import annotations

import argparse
from pathlib import Path

from prepare import EXTRA_LANGS, read
from synth import frames, SLOT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    lines = []
    for lang in EXTRA_LANGS:
        lines += [row["text"] for row in read(args.data, f"wikiann-{lang}") if row["split"] == "train"]
        lines += 3 * [SLOT.sub(" ", frame) for frame in frames(lang)]
    with open(args.out, "w", encoding="utf-8") as out:
        for _ in range(args.times):
            out.writelines(line.replace("\n", " ") + "\n" for line in lines)


if __name__ == "__main__":
    main()
