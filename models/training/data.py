"""Rows to packed arrays, and batches of similar length."""
from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import torch

import tags
from features import Featuriser

MAX_UNITS = 256
IGNORED = -100
NO_PERSON = -101  # whatever it is, no part of a person's name


def load(path: Path) -> list[dict]:
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def recased(row: dict, how: str, rate: float) -> dict | None:
    text = getattr(row["text"], how)()
    if text == row["text"] or len(text) != len(row["text"]):
        return None
    return {**row, "text": text, "weight": row["weight"] * rate, "src": f"{row['src']}+{how}"}


def with_cases(rows: list[dict], lower: float, upper: float, seed: int = 1) -> list[dict]:
    """Rows and copies in small letters and in capitals: half of the rows get one, for the other
    half too. Headings With A Capital Everywhere are rarer. Silver rows get none."""
    out, r = list(rows), random.Random(seed)
    for how, rate in (("lower", lower), ("upper", upper), ("title", upper / 3)):
        if rate:
            chosen = [row for row in rows if r.random() < 0.5 and not row["src"].startswith("wikiann")]
            out += [copy for copy in (recased(row, how, 2 * rate) for row in chosen) if copy]
    return out


def near(labels: list[int]) -> list[int]:
    """A partial row's labels: known spans and the unit on either side, the rest ignored."""
    keep = [any(labels[max(0, i - 1): i + 2]) for i in range(len(labels))]
    return [label if k else IGNORED for label, k in zip(labels, keep)]


def refuse(e: dict, ranges: list) -> None:
    """Marks ignored units inside the ranges as no part of a person's name."""
    at = {start: i for i, start in enumerate(e["starts"])}
    for start, end in ranges:
        for i in (at[p] for p in range(start, end) if p in at):
            if e["labels"][i] == IGNORED:
                e["labels"][i] = NO_PERSON


class Packed:
    """All rows' features end to end; row i is at [at[i], at[i + 1]). Each spelling is kept once."""

    def __init__(self, rows: list[dict], featuriser: Featuriser):
        keep: dict[str, list] = {k: [] for k in ("words", "bigrams", "which", "shapes", "gaps", "labels")}
        kinds = {"words": np.int32, "bigrams": np.int32, "which": np.int32, "shapes": np.int8, "gaps": np.int8, "labels": np.int8}
        self.at, weights, styles = [0], [], []
        known: dict[tuple, int] = {(0,) * featuriser.width: 0}
        for row in rows:
            e = featuriser.encode(row["text"])
            e["labels"] = tags.encode(e["starts"], e["ends"], row["spans"])
            if row.get("partial"):
                e["labels"] = near(e["labels"])
                refuse(e, row.get("not_person", []))
            size = len(e["words"])
            e["which"] = [known.setdefault(tuple(chars), len(known)) for chars in e["chars"]]
            for low in range(0, size, MAX_UNITS):
                high = min(size, low + MAX_UNITS)
                for key, kind in kinds.items():
                    keep[key].append(np.array(e[key][low:high], kind))
                self.at.append(self.at[-1] + high - low)
                weights.append(row["weight"])
                styles.append(row.get("style", 0))
        self.table = {key: np.concatenate(parts) for key, parts in keep.items()}
        self.spellings = np.array(list(known), np.int16)
        self.weights = np.array(weights, np.float32)
        self.styles = np.array(styles, np.int64)

    def batches(self, r: np.random.Generator, units: int):
        """One epoch: a row of weight 1.5 is drawn once or twice, one of weight 0.2 every fifth time."""
        sizes = np.diff(self.at)
        times = (self.weights + r.random(len(sizes))).astype(np.int64)
        drawn = np.repeat(np.arange(len(sizes)), times)
        order = drawn[np.argsort(sizes[drawn] + r.random(len(drawn)) * 4)]
        groups, group, widest = [], [], 0
        for i in order:
            widest = max(widest, sizes[i])
            if group and widest * (len(group) + 1) > units:
                groups.append(group)
                group, widest = [], sizes[i]
            group.append(i)
        groups.append(group)
        r.shuffle(groups)
        return groups

    def batch(self, rows: list[int]) -> dict[str, torch.Tensor]:
        longest = max(self.at[i + 1] - self.at[i] for i in rows)
        out = {}
        for key, table in self.table.items():
            block = np.zeros((len(rows), longest, *table.shape[1:]), np.int64)
            if key == "labels":
                block += IGNORED
            for k, i in enumerate(rows):
                block[k, : self.at[i + 1] - self.at[i]] = table[self.at[i]: self.at[i + 1]]
            out[key] = torch.from_numpy(block)
        out["mask"] = (out["words"] != 0).float()
        spellings, which = np.unique(out["which"].numpy(), return_inverse=True)
        out["chars"] = torch.from_numpy(self.spellings[spellings].astype(np.int64))
        out["style"] = torch.from_numpy(self.styles[rows])
        out["which"] = torch.from_numpy(which.reshape(len(rows), longest))
        return out
