"""fastText's text vectors to vocab.txt (frequency order) and vectors.npy (fp16).

Words, ideographs and bigrams share the file and have a quota each.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from features import CJK, inside, units


def kind(word: str) -> str | None:
    found = units(word)
    if all(k == "cjk" for _, _, k in found):
        return {1: "ideograph", 2: "bigram"}.get(len(found))
    return "word" if len(found) == 1 else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--words", type=int, default=60000)
    parser.add_argument("--ideographs", type=int, default=9000)
    parser.add_argument("--bigrams", type=int, default=40000)
    args = parser.parse_args()
    quota = {"word": args.words, "ideograph": args.ideographs, "bigram": args.bigrams}
    vocab, rows = ["<pad>", "<unk>"], []
    with open(args.vectors, encoding="utf-8", errors="surrogateescape") as lines:
        size = int(next(lines).split()[1])
        for line in lines:
            word, _, rest = line.rstrip("\n ").partition(" ")
            what = kind(word)
            if word == "</s>" or what is None or quota[what] == 0:
                continue
            vector = np.array(rest.split(), dtype=np.float32)
            if len(vector) == size:
                quota[what] -= 1
                vocab.append(word)
                rows.append(vector)
    table = np.zeros((len(vocab), size), np.float32)
    table[2:] = rows
    table[2:] /= table[2:].std() # one scale whatever the vectors' training was
    (args.work / "vocab.txt").write_text("\n".join(vocab) + "\n", "utf-8")
    np.save(args.work / "vectors.npy", table.astype(np.float16))
    print(len(vocab), size, "left", quota)


if __name__ == "__main__":
    main()
