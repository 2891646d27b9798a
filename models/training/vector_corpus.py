"""Plain text to the token stream fastText reads: words lower-cased, ideographs
followed by the bigram they open, one paragraph a line."""
from __future__ import annotations

import argparse
import lzma
import subprocess
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


def lines_of(path: str, simplify: bool):
    """The paragraphs of an .xz or plain file; with simplify, by OpenCC's command line, in simplified characters."""
    if simplify:
        unpack = subprocess.Popen(["xz", "-dc", path], stdout=subprocess.PIPE)
        convert = subprocess.Popen(["opencc", "-c", "t2s.json"], stdin=unpack.stdout, stdout=subprocess.PIPE, encoding="utf-8")
        yield from convert.stdout
    elif path.endswith(".xz"):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            yield from lines
    else:
        with open(path, encoding="utf-8") as lines:
            yield from lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", nargs="+", help=".txt or .txt.xz files, or FILE@MEGABYTES to stop early")
    parser.add_argument("--simplify", action="store_true", help="Chinese in simplified characters (opencc)")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    with open(args.out, "w", encoding="utf-8") as out:
        for spec in args.inputs:
            path, _, limit = spec.partition("@")
            left = float(limit or "inf") * 1e6
            for line in lines_of(path, args.simplify):
                out.write(" ".join(tokens(line)) + "\n")
                left -= len(line)
                if left < 0:
                    break
            print(spec, "done", file=sys.stderr)


if __name__ == "__main__":
    main()
