"""Labelled sets to work/train.jsonl and work/dev/*.jsonl.

Output rows: {"text", "spans": [[start, end, label]], "src", "lang", "weight"}, offsets
in code points. Only sets whose licence lets shipped weights train on them, and only
rows marked train; sets without a dev part keep a tenth back, chosen by a hash.
"""
from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import subprocess
from pathlib import Path

import plain
import synth

LABELS = {"PERSON": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION"}
# set -> (weight in the loss, copies with other names)
TRAIN = {
    "uner-ewt-en": (1.7, 1), "uner-gsdsimp-zh": (2.0, 2), "wnut17-en": (1.5, 1), "btc-en": (1.0, 0),
    "wikigold-en": (1.5, 1), "crossner-en": (1.0, 1), "litbank-proper-en": (0.6, 0), "wikiann-en": (0.5, 0),
}
EXTRA = {f"wikiann-{lang}": (0.5, 0) for lang in ("de", "fr", "nl", "pt")}
# Labelled by hand, by rules like ours: what the rest of the mixture must not drown.
BY_HAND = ("uner-ewt-en", "uner-gsdsimp-zh", "wnut17-en", "wikigold-en", "crossner-en")
EXTRA_LANGS = ("de", "fr", "es", "it", "nl", "pt")
# Sets labelled by other rules than ours get a learnt vector of their own, unused when the model runs.
STYLES = {"wikiann": 1, "litbank": 2, "btc": 3}
MEASURE = ["uner-ewt-en", "wnut17-en", "uner-gsdsimp-zh", "weibo-zh", "conll2003-en", "wikiann-en", "wikiann-de", "wikiann-fr", "wikiann-nl", "wikiann-pt", "germeval2014-de", "conll2002-es", "conll2002-nl", "crossner-en", "peoplesdaily-zh", "msra-zh", "resume-zh"]
HELD = ["btc-en", "wikigold-en", "litbank-proper-en", "cluener-zh"]


def read(data: Path, name: str) -> list[dict]:
    path = data / "ner" / f"{name}.jsonl.gz"
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def held(text: str) -> bool:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[0] % 10 == 0


def convert(row: dict, src: str, weight: float) -> dict:
    # "@" before a span: a handle that its set calls a person. Handles are USERNAME, a recogniser's business.
    names = [s for s in row["spans"] if s["entity"] in LABELS and row["text"][s["start"] - 1: s["start"]] != "@"]
    spans = sorted([s["start"], s["end"], LABELS[s["entity"]]] for s in names)
    return {"text": row["text"], "spans": spans, "src": src, "lang": row["lang"], "weight": weight}


def edit(row: dict, changes: list[tuple[int, int, str]]) -> dict:
    """The row with text[start:end] replaced; spans move along. Changes are sorted, disjoint
    and each lies wholly inside or outside every span."""
    out, last, shift, moves = [], 0, 0, []
    for start, end, new in changes:
        out += [row["text"][last:start], new]
        last = end
        moves.append((start, end, len(new)))
    out.append(row["text"][last:])

    def move(at: int, is_end: bool) -> int:
        total = 0
        for start, end, size in moves:
            if end < at or (end == at and (is_end or end > start)):
                total += size - (end - start)
        return at + total

    spans = [[move(s, False), move(e, True), label] for s, e, label in row["spans"]]
    return {**row, "text": "".join(out), "spans": spans}


TIDY = [(re.compile(r" (?=[.,;:!?%)\]}])"), 0), (re.compile(r"(?<=[(\[{$#]) "), 0), (re.compile(r" (?=(?:'s|'re|'ve|'ll|'d|'m|n't|’s|’re|’ve|’ll|’d|’m|n’t)\b)"), 0)]


def tidy(row: dict) -> dict:
    """Undoes token spacing ("Rome ." to "Rome.")."""
    cuts = sorted({(m.start(), m.end()) for pattern, _ in TIDY for m in pattern.finditer(row["text"])})
    return edit(row, [(s, e, "") for s, e in cuts])


CLOSING = re.compile(r"[.,;:!?。，；：！？]+(?=\s|$|[^\x00-\x7f])")
WORD = re.compile(r"[^\W\d_]{4,}")


def unpunctuated(row: dict) -> dict:
    return edit(row, [(m.start(), m.end(), "") for m in CLOSING.finditer(row["text"])])


def mistyped(row: dict, r: random.Random) -> dict:
    """Some words with two letters swapped, one left out or one doubled."""
    changes = []
    for match in WORD.finditer(row["text"]):
        if r.random() < 0.12:
            at, word = r.randrange(1, len(match.group()) - 2), match.group()
            pair = word[at: at + 2]
            changes.append((match.start() + at, match.start() + at + 2, r.choice([pair[::-1], pair[0], pair[0] + pair])))
    # A word of which only a part is in a span is left alone.
    edges = {edge for start, end, _ in row["spans"] for edge in (start, end)}
    return edit(row, [c for c in changes if c[0] + 1 not in edges])


def roughened(rows: list[dict], r: random.Random, share: float) -> list[dict]:
    """Copies as people type: without closing punctuation, or with mistakes."""
    out = [unpunctuated(row) for row in rows if r.random() < share]
    out += [mistyped(row, r) for row in rows if row["lang"] != "zh" and r.random() < share]
    return [row for row in out if row["text"].strip() and all(start < end for start, end, _ in row["spans"])]


def joined(rows: list[dict], r: random.Random) -> list[dict]:
    """Neighbouring sentences of a set that keeps its texts' order, two to five at a time."""
    out, at = [], 0
    while at < len(rows):
        size = r.randint(2, 5)
        text, spans, gap = "", [], "" if rows[at]["lang"] == "zh" else " "
        for row in rows[at: at + size]:
            text += gap if text else ""
            spans += [[s + len(text), e + len(text), label] for s, e, label in row["spans"]]
            text += row["text"]
        out.append({**rows[at], "text": text, "spans": spans})
        at += size
    return out


def renamed(row: dict, names: synth.Names) -> dict | None:
    """A copy with other people, and some other places and organisations."""
    r, chinese, changes = names.r, row["lang"] == "zh", []
    for start, end, label in row["spans"]:
        old = row["text"][start:end]
        if changes and changes[-1][1] > start:
            return None
        if label == "PERSON":
            if chinese:
                new = names.zh_person()
            else:
                new = names.person() if " " in old else (names.first() if r.random() < 0.5 else names.last())
        elif r.random() > 0.4:
            continue
        elif label == "LOCATION":
            new = names.zh_place() if chinese else names.city()
        else:
            new = names.zh_org() if chinese else names.org()
        if not chinese and old.islower():
            new = new.lower()
        if not chinese and old.isupper() and len(old) > 3:
            new = new.upper()
        changes.append((start, end, new.removeprefix("the ")))
    return edit(row, changes) if changes else None


def traditional(rows: list[dict]) -> list[dict]:
    """Copies in traditional characters by OpenCC's command line; none where it is missing
    or changes the length."""
    try:
        text = "\n".join(json.dumps(row["text"], ensure_ascii=False) for row in rows)
        done = subprocess.run(["opencc", "-c", "s2t.json"], input=text, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        print("opencc not found: no traditional copies")
        return []
    pairs = zip(rows, done.split("\n"))
    made = [(row, json.loads(line)) for row, line in pairs]
    return [{**row, "text": text} for row, text in made if len(text) == len(row["text"]) and text != row["text"]]


def write(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(path, len(rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with ner/*.jsonl.gz")
    parser.add_argument("--own", type=Path, nargs="*", default=[], help="your own .jsonl, same row format")
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--wiki", action="store_true", help="also harvest.py's names and partial rows")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--synth", type=int, default=15000, help="synthetic rows a language")
    parser.add_argument("--plain", type=int, default=8000, help="rows nearly without entities for English and for Chinese")
    parser.add_argument("--extra", type=int, default=0, help="rows each of German, French, Spanish, Italian, Dutch, Portuguese")
    parser.add_argument("--made", type=float, default=0.25, help="weight of a synthetic row; twice that where little else teaches the language")
    parser.add_argument("--silver", type=int, default=7000, help="rows of each WikiANN set")
    parser.add_argument("--partial", type=float, default=0.1, help="weight of a partly labelled row")
    parser.add_argument("--rough", type=float, default=0.12, help="share of rows copied without punctuation, and with mistakes")
    parser.add_argument("--share", type=float, default=1.0, help="keep so much of the mixture, row by row as its weight says: for a short round, which would not draw the rest")
    parser.add_argument("--interface", type=Path, help="interface.mjs's file")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    lists = json.loads(args.names.read_text("utf-8"))
    if args.wiki:
        lists["wiki"] = json.loads((args.work / "names_wiki.json").read_text("utf-8"))
    if args.interface:
        lists["interface"] = json.loads(args.interface.read_text("utf-8"))
    names = synth.Names(lists, args.seed)
    random.seed(args.seed)
    train: list[dict] = []
    for name, (weight, copies) in {**TRAIN, **(EXTRA if args.extra else {})}.items():
        rows = [convert(row, name, weight) for row in read(args.data, name) if row["split"] == "train"]
        if name.startswith("wikiann"):
            rows = random.sample(rows, min(len(rows), args.silver))
        if name in HELD:
            rows = [row for row in rows if not held(row["text"])]
        spaced = sum(" ." in row["text"] for row in rows) > len(rows) / 5
        if spaced:
            rows = [tidy(row) if random.random() < 0.7 else row for row in rows]
        train += rows
        for _ in range(copies):
            train += [{**copy, "weight": weight / 2} for copy in (renamed(row, names) for row in rows) if copy]
        if name.startswith("uner-"):
            train += [{**row, "weight": weight / 4} for row in joined(rows, random)]
        if name.endswith("-zh"):
            train += [{**row, "weight": weight / 4} for row in traditional(rows)]
        print(name, len(rows), "spaced" if spaced else "")
    for path in args.own:
        train += [convert(json.loads(line), path.stem, 1.0) for line in path.read_text("utf-8").splitlines() if line.strip()]
    real = {lang: [row for row in train if row["lang"] == lang and row["src"] in BY_HAND] for lang in ("en", "zh")}
    for lang in ("en", "zh", *(EXTRA_LANGS if args.extra else ())):
        count = args.synth if lang in ("en", "zh") else args.extra
        empty = 0.27 if lang in ("en", "zh") else 0.38
        weight = args.made if lang in ("en", "zh") else 2 * args.made
        made = [{**row, "weight": weight} for row in synth.generate(lists, lang, count, args.seed + 5, real.get(lang), empty)]
        if lang in ("en", "zh"):
            made += [{**row, "weight": args.made} for row in synth.generate(lists, lang, args.plain, args.seed + 9, empty=0.93, src="none")]
        train += made
        if lang == "zh":
            train += [row for row in traditional(made) if random.random() < 0.3]
    train += interface_rows(lists.get("interface", {}), random)
    train += roughened(train, random, args.rough)
    dev = measured(args.data)
    for name, rows in dev.items():
        write(args.work / "dev" / f"{name}.jsonl", rows)
    if args.wiki:
        partial = [json.loads(line) for line in open(args.work / "partial.jsonl", encoding="utf-8")]
        train += [{**row, "weight": args.partial} for row in unseen(partial, dev)]
    for row in train:
        row["style"] = STYLES.get(row["src"].split("-")[0], 0)
    random.shuffle(train)
    if args.share < 1:
        train = [{**row, "weight": max(1.0, args.share * row["weight"])} for row in train if random.random() < args.share * row["weight"]]
    write(args.work / "train.jsonl", [row for row in train if row["text"].strip()])


HOLE = re.compile(r"\{\d\}")


def interface_rows(found: dict, r: random.Random) -> list[dict]:
    """Messages of a compiler, with something written in code where they have a hole, and lists of languages and currencies: no names."""
    out = []
    for lang, part in found.items():
        texts = r.sample(part["messages"], min(900, len(part["messages"])))
        texts = [HOLE.sub(lambda _: r.choice(plain.VAR + plain.CLASS + ["--outDir", "tsconfig.json", "42"]), text) for text in texts]
        for kind in ("language", "currency"):
            texts += [("、" if lang == "zh" else ", ").join(r.sample(part[kind], r.randint(1, 5))) for _ in range(60)]
        out += [{"text": text, "spans": [], "src": f"interface-{lang}", "lang": lang, "weight": 0.4} for text in texts]
    return out


def measured(data: Path) -> dict[str, list[dict]]:
    dev = {name: [convert(row, name, 1) for row in read(data, name) if row["split"] == "dev"][:3000] for name in MEASURE}
    dev |= {f"{name}-held": [convert(row, name, 1) for row in read(data, name) if row["split"] == "train" and held(row["text"])] for name in HELD}
    lower = [{**row, "text": row["text"].lower()} for row in dev["uner-ewt-en"] if len(row["text"].lower()) == len(row["text"])]
    return {name: rows for name, rows in {**dev, "uner-ewt-en-lowercased": lower}.items() if rows}


def unseen(rows: list[dict], dev: dict[str, list[dict]]) -> list[dict]:
    """Rows that share no 16 characters in a row with a dev text (Wikipedia feeds both)."""
    size = 16
    texts = [row["text"] for name, found in dev.items() if "uner" in name for row in found]
    known = {text[i: i + size] for text in texts for i in range(0, max(1, len(text) - size + 1))}
    kept = [row for row in rows if not any(row["text"][i: i + size] in known for i in range(len(row["text"]) - size + 1))]
    print("partial rows", len(rows), "unlike any dev text", len(kept))
    return kept


if __name__ == "__main__":
    main()
