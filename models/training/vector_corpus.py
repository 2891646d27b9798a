"""Plain text to the token stream fastText reads: words lower-cased, ideographs
followed by the bigram they open, one paragraph a line."""
from __future__ import annotations

import argparse
import lzma
import sys

from features import normalise, unit_pattern


def tokens(line: str):
    before, before_end = None, -1
    for match in unit_pattern().finditer(line):
        text = match.group()
        if match.lastgroup == "cjk":
            key = normalise(text)
            if before is not None and before_end == match.start():
                yield before + key
            yield key
            before, before_end = key, match.end()
        else:
            before = None
            if len(text) <= 48:
                yield normalise(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", nargs="+", help=".txt.xz files, or FILE@MEGABYTES to stop early")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    with open(args.out, "w", encoding="utf-8") as out:
        for spec in args.inputs:
            path, _, limit = spec.partition("@")
            left = float(limit or "inf") * 1e6
            with lzma.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    out.write(" ".join(tokens(line)) + "\n")
                    left -= len(line)
                    if left < 0:
                        break
            print(spec, "done", file=sys.stderr)


if __name__ == "__main__":
    main()
