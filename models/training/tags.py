"""BIOES tags: spans to tags, logits to spans, span scores."""
from __future__ import annotations

import numpy as np

ENTITIES = ["PERSON", "LOCATION", "ORGANIZATION"]
TAGS = ["O"] + [f"{p}-{e}" for e in ENTITIES for p in "BIES"]
INDEX = {tag: i for i, tag in enumerate(TAGS)}
NO = -1e4


def encode(starts, ends, spans) -> list[int]:
    tags = [0] * len(starts)
    for start, end, label in spans:
        inside = [i for i in range(len(starts)) if starts[i] < end and ends[i] > start]
        inside = [i for i in inside if tags[i] == 0]
        if not inside:
            continue
        if len(inside) == 1:
            tags[inside[0]] = INDEX[f"S-{label}"]
            continue
        for i in inside:
            tags[i] = INDEX[f"I-{label}"]
        tags[inside[0]], tags[inside[-1]] = INDEX[f"B-{label}"], INDEX[f"E-{label}"]
    return tags


def allowed() -> np.ndarray:
    """0 where tag j may follow tag i, NO elsewhere."""
    out = np.full((len(TAGS), len(TAGS)), NO, np.float32)
    for i, a in enumerate(TAGS):
        for j, b in enumerate(TAGS):
            opens = a[0] in "BI"
            if (opens and b[0] in "IE" and a[2:] == b[2:]) or (not opens and b[0] in "OBS"):
                out[i, j] = 0
    return out


ALLOWED = allowed()
FIRST = np.array([0 if t[0] in "OBS" else NO for t in TAGS], np.float32)
LAST = np.array([0 if t[0] in "OES" else NO for t in TAGS], np.float32)


def best_path(logits: np.ndarray, transitions: np.ndarray) -> list[int]:
    score = logits[0] + FIRST
    back = []
    for row in logits[1:]:
        total = score[:, None] + transitions
        back.append(total.argmax(0))
        score = total.max(0) + row
    at = int((score + LAST).argmax())
    path = [at]
    for step in reversed(back):
        at = int(step[at])
        path.append(at)
    return path[::-1]


def spans_of(path: list[int], starts, ends) -> list[tuple[int, int, str]]:
    out, begin = [], 0
    for i, tag in enumerate(path):
        name = TAGS[tag]
        if name[0] in "BS":
            begin = i
        if name[0] in "ES":
            out.append((starts[begin], ends[i], name[2:]))
    return out


def scored(path: list[int], logits: np.ndarray, starts, ends) -> list[tuple[int, int, str, float]]:
    """Spans with the mean, over their units, of the chance that the unit is of the entity's
    class: what the product compares with its threshold."""
    chance = np.exp(logits - logits.max(1, keepdims=True))
    chance /= chance.sum(1, keepdims=True)
    sums = {e: chance[:, [INDEX[f"{p}-{e}"] for p in "BIES"]].sum(1) for e in ENTITIES}
    at = {start: i for i, start in enumerate(starts)}
    to = {end: i for i, end in enumerate(ends)}
    return [(s, e, label, float(sums[label][at[s]: to[e] + 1].mean())) for s, e, label in spans_of(path, starts, ends)]


class Score:
    def __init__(self):
        self.hit, self.found, self.gold = {}, {}, {}

    def add(self, gold, found) -> None:
        gold, found = {tuple(s) for s in gold}, set(found)
        for table, spans in ((self.hit, gold & found), (self.found, found), (self.gold, gold)):
            for span in spans:
                table[span[2]] = table.get(span[2], 0) + 1

    def of(self, label: str | None = None) -> tuple[float, float, float]:
        total = lambda table: table.get(label, 0) if label else sum(table.values())
        hit, found, gold = total(self.hit), total(self.found), total(self.gold)
        p, r = hit / found if found else 0.0, hit / gold if gold else 0.0
        return 100 * p, 100 * r, 100 * (2 * p * r / (p + r) if p + r else 0.0)
