"""Span P/R/F1 of a checkpoint on the dev parts, with the weights its export will have, as Markdown."""
from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import numpy as np
import torch

import data
import tags
from features import Featuriser
from model import Tagger
from prepare import STYLES
from quantise import round_weights


def predict(model: Tagger, featuriser: Featuriser, rows: list[dict], transitions=tags.ALLOWED, units: int = 6000, scores: bool = False, style: int = 0):
    """Spans of every row, in order, with their scores if asked."""
    model.eval()
    encoded = [featuriser.encode(row["text"]) for row in rows]
    order = sorted(range(len(rows)), key=lambda i: len(encoded[i]["words"]))
    out: list[list] = [[] for _ in rows]
    group: list[int] = []

    def run() -> None:
        longest = max(len(encoded[i]["words"]) for i in group)
        if longest == 0:
            return
        batch = {}
        for key in ("words", "bigrams", "chars", "shapes", "gaps"):
            width = {"bigrams": (2,), "chars": (featuriser.width,)}.get(key, ())
            block = np.zeros((len(group), longest, *width), np.int64)
            for k, i in enumerate(group):
                if encoded[i][key]:
                    block[k, : len(encoded[i][key])] = encoded[i][key]
            batch[key] = torch.from_numpy(block)
        batch["mask"] = (batch["words"] != 0).float()
        if style:
            batch["style"] = torch.full((len(group),), style)
        with torch.no_grad():
            logits = model(**batch).numpy()
        for k, i in enumerate(group):
            e = encoded[i]
            if e["words"]:
                path = tags.best_path(logits[k, : len(e["words"])], transitions)
                size = len(e["words"])
                out[i] = tags.scored(path, logits[k, :size], e["starts"], e["ends"]) if scores else tags.spans_of(path, e["starts"], e["ends"])

    for i in order:
        group.append(i)
        if len(group) * max(1, len(encoded[i]["words"])) > units:
            run()
            group = []
    if group:
        run()
    return out


def score_set(model: Tagger, featuriser: Featuriser, rows: list[dict], transitions=tags.ALLOWED, style: int = 0) -> tags.Score:
    score = tags.Score()
    for row, found in zip(rows, predict(model, featuriser, rows, transitions, style=style)):
        score.add(row["spans"], found)
    return score


def load_checkpoint(path: Path) -> tuple[Tagger, Featuriser, dict]:
    saved = torch.load(path)
    config = saved["config"]
    model = Tagger(config)
    model.load_state_dict(saved["model"])
    return model, Featuriser(saved["vocab"], config["chars"], config["char_width"], config["char_head"]), saved


def over_redaction(model: Tagger, featuriser: Featuriser, path: Path, transitions, thresholds: dict[str, float]) -> str:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    found = [s for spans in predict(model, featuriser, rows, transitions, scores=True) for s in spans]
    words = sum(len(row["text"].split()) for row in rows) / 1000

    def each(spans: list) -> str:
        counts = {e: sum(s[2] == e for s in spans) / words for e in tags.ENTITIES}
        return ", ".join(f"{e} {n:.1f}" for e, n in counts.items()) + f", together {len(spans) / words:.1f}"

    line = f"{path.name.split('.')[0]} ({len(rows)} ordinary prompts): spans found in 1,000 words: {each(found)}"
    if thresholds:
        line += f"; at the default thresholds: {each([s for s in found if s[3] >= thresholds[s[2]]])}"
    return line + "."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--sets", nargs="*")
    parser.add_argument("--clean", type=Path, nargs="*", default=[], help=".jsonl.gz of texts without names: {text}")
    parser.add_argument("--thresholds", type=json.loads, default={}, help="those of the export, for --clean")
    args = parser.parse_args()
    torch.set_num_threads(2)
    model, featuriser, saved = load_checkpoint(args.checkpoint)
    round_weights(model)
    transitions = np.array(saved.get("transitions", tags.ALLOWED), np.float32)
    print("| set | rows | " + " | ".join(f"{e} P / R / F1" for e in [*tags.ENTITIES, "all"]) + " |")
    print("|---|---|" + "---|" * (len(tags.ENTITIES) + 1))
    for path in sorted(args.dev.glob("*.jsonl")):
        if args.sets and path.stem not in args.sets:
            continue
        rows = data.load(path)
        own = STYLES.get(path.stem.split("-")[0])
        for name, style in ((path.stem, 0), *([(f"{path.stem} (by its own rules)", own)] if own else [])):
            score = score_set(model, featuriser, rows, transitions, style)
            cells = [" / ".join(f"{v:.1f}" for v in score.of(e)) if e is None or score.gold.get(e) else "–" for e in [*tags.ENTITIES, None]]
            print(f"| {name} | {len(rows)} | " + " | ".join(cells) + " |", flush=True)
    for path in args.clean:
        print(f"\n{over_redaction(model, featuriser, path, transitions, args.thresholds)}")


if __name__ == "__main__":
    main()
