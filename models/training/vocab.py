"""fastText's text vectors to vocab.txt (frequency order) and vectors.npy (fp16).

English with the European languages and Chinese come from a run each; words, European words,
ideographs and pairs have a quota each. Chinese was learnt in simplified characters: the
traditional forms that a text uses get the vector of their simplified form.
"""
from __future__ import annotations

import argparse
import lzma
import subprocess
from collections import Counter
from itertools import zip_longest
from pathlib import Path

import numpy as np

from features import CJK, inside, units
from vector_corpus import tokens


def kind(word: str) -> str | None:
    found = units(word)
    if all(k == "cjk" for _, _, k in found):
        return {1: "ideograph", 2: "pair"}.get(len(found))
    return "word" if len(found) == 1 else None


def read(path: Path, quota: dict[str, int], european: set[str]) -> list[tuple[str, np.ndarray]]:
    """(word, vector) in the file's order, frequent first, as long as the quota of its kind lasts."""
    out = []
    with open(path, encoding="utf-8", errors="surrogateescape") as lines:
        size = int(next(lines).split()[1])
        for line in lines:
            word, _, rest = line.rstrip("\n ").partition(" ")
            what = kind(word)
            if word == "</s>" or what is None:
                continue
            if what == "word" and word in european and quota["word"] == 0:
                what = "european"
            if not quota.get(what):
                continue
            vector = np.array(rest.split(), dtype=np.float32)
            if len(vector) == size:
                quota[what] -= 1
                out.append((word, vector))
    # One scale whatever the vectors' training was.
    scale = np.concatenate([v for _, v in out]).std()
    return [(word, vector / scale) for word, vector in out]


def simplified(texts: list[str]) -> list[str]:
    try:
        done = subprocess.run(["opencc", "-c", "t2s.json"], input="\n".join(texts), capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        print("opencc not found: traditional forms have no vectors")
        return texts
    return done.stdout.rstrip("\n").split("\n")


def traditional(path: Path, known: dict[str, np.ndarray], quota: dict[str, int], every: int = 5) -> list[tuple[str, np.ndarray]]:
    """The most frequent forms of a text that are not known but whose simplified form is."""
    seen: Counter[str] = Counter()
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                seen.update(t for t in tokens(line) if inside(ord(t[0]), CJK))
    new = [word for word, count in seen.most_common() if word not in known and count > 1]
    out = []
    for word, plain in zip(new, simplified(new)):
        what = "traditional ideograph" if len(word) == 1 else "traditional pair"
        if plain != word and plain in known and quota[what]:
            quota[what] -= 1
            out.append((word, known[plain]))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--english", type=Path, required=True, help="fastText's .vec of English and European text")
    parser.add_argument("--chinese", type=Path, required=True, help="fastText's .vec of simplified Chinese")
    parser.add_argument("--european", type=Path, required=True, help="token file of European text, whose words have a quota of their own")
    parser.add_argument("--text", type=Path, required=True, help="Chinese as it is written, .txt.xz")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--words", type=int, default=72000)
    parser.add_argument("--extra", type=int, default=18000)
    parser.add_argument("--ideographs", type=int, default=8000)
    parser.add_argument("--pairs", type=int, default=37000)
    args = parser.parse_args()
    european = {word for word in args.european.read_text("utf-8").split() if word.isalpha()}
    first = {"word": args.words, "european": args.extra}
    english = read(args.english, first, european)
    rest = {"word": 500, "ideograph": args.ideographs, "pair": args.pairs}
    before = {word for word, _ in english}
    chinese = [(word, vector) for word, vector in read(args.chinese, rest, set()) if word not in before]
    forms = {"traditional ideograph": 2500, "traditional pair": args.pairs // 4}
    aliases = traditional(args.text, dict(chinese), forms)
    pairs = [p for two in zip_longest(english, chinese) for p in two if p] + aliases
    table = np.zeros((len(pairs) + 2, len(pairs[0][1])), np.float32)
    table[2:] = [vector for _, vector in pairs]
    (args.work / "vocab.txt").write_text("\n".join(["<pad>", "<unk>", *(word for word, _ in pairs)]) + "\n", "utf-8")
    np.save(args.work / "vectors.npy", table.astype(np.float16))
    print(table.shape, "left", first, rest, forms)


if __name__ == "__main__":
    main()
