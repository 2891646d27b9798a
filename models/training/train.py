"""Trains the tagger; resumes from work/last.pt when it is there and --resume is given."""
from __future__ import annotations

import argparse
import copy
import json
import math
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import data
import tags
from evaluate import score_set
from features import Featuriser, normalise, unit_pattern
from model import Tagger


def char_table(rows: list[dict], limit: int) -> str:
    seen: Counter[str] = Counter()
    for row in rows:
        for match in unit_pattern().finditer(row["text"]):
            if match.lastgroup != "cjk":
                seen.update(match.group())
    return "".join(sorted(c for c, n in seen.most_common(limit) if n > 2))


def with_new_words(vocab: list[str], vectors: torch.Tensor, rows: list[dict], limit: int, frequent: int) -> tuple[list[str], torch.Tensor, list[int]]:
    """Adds the words of the labelled rows that fastText never saw, with vectors of zero. Also names the
    words beyond the frequent ones that the rows of other languages than its own use: their vectors,
    learnt from names in English text, say too little and are trained on as well."""
    known, seen = {word: i for i, word in enumerate(vocab)}, Counter()
    for row in rows:
        if row["lang"] not in ("en", "zh"):
            seen.update(normalise(m.group()) for m in unit_pattern().finditer(row["text"]) if m.lastgroup == "word")
    new = [w for w, n in seen.most_common() if w not in known and n > 4][:limit]
    also = sorted(known[w] for w, n in seen.items() if n > 4 and known.get(w, 0) >= frequent)
    return vocab + new, torch.cat([vectors, torch.zeros(len(new), vectors.shape[1])]), also


def describe(args, rows: list[dict]) -> tuple[dict, list[str], torch.Tensor]:
    vocab = (args.work / "vocab.txt").read_text("utf-8").split("\n")[:-1]
    vectors = torch.from_numpy(np.load(args.work / "vectors.npy").astype(np.float32))
    fixed = len(vocab)
    vocab, vectors, also = with_new_words(vocab, vectors, rows, args.new_words, args.frequent)
    chars = torch.load(args.start)["config"]["chars"] if args.start else char_table(rows, 1500)
    config = {
        "vocab_size": len(vocab), "fixed": fixed, "frequent": args.frequent, "also": also, "word_dim": vectors.shape[1], "pair_dim": 64,
        "char_count": len(chars), "char_dim": 24, "spell_dim": 80, "shape_dim": 16, "gap_dim": 4, "width": args.width,
        "dilations": args.dilations, "drop": args.drop, "labels": len(tags.TAGS), "tags": tags.TAGS, "chars": chars,
        "char_width": 16, "char_head": 10,
    }
    return config, vocab, vectors


def learnt_words(vocab: list[str], config: dict) -> dict[str, int]:
    """The words whose vectors are trained on, by their row."""
    ids = [*range(config["frequent"]), *config.get("also", []), *range(config["fixed"], len(vocab))]
    return {vocab[one]: row for row, one in enumerate(ids)}


def start_from(model: Tagger, path: Path, vocab: list[str], config: dict) -> None:
    """Takes what fits from another checkpoint; what it learnt of words, by the word."""
    saved = torch.load(path)
    own = model.state_dict()
    fits = {k: v for k, v in saved["model"].items() if k in own and own[k].shape == v.shape and k != "learnt.weight"}
    model.load_state_dict(fits, strict=False)
    before, shape = saved["model"].get("learnt.weight"), saved["config"]
    if before is None or shape["fixed"] != config["fixed"] or shape["frequent"] != config["frequent"]:
        print("started from", path, "without", sorted(set(own) - set(fits)), flush=True)
        return
    before_rows = learnt_words(saved["vocab"], shape)
    with torch.no_grad():
        for i, word in enumerate(learnt_words(vocab, config)):
            if word in before_rows:
                model.learnt.weight[i] = before[before_rows[word]]
    print("started from", path, flush=True)


OTHERS = [i for i, tag in enumerate(tags.TAGS) if not tag.endswith("-PERSON")]


def loss_of(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of the known tags, and for units that are only known to be in no name, of
    the chance that they are not."""
    refused = labels == data.NO_PERSON
    known = labels.masked_fill(refused, data.IGNORED)
    # A batch of partial rows may hold no known tag at all: its mean would be no number.
    loss = F.cross_entropy(logits, known, ignore_index=data.IGNORED, reduction="sum")
    if refused.any():
        rest = logits[refused]
        loss = loss + 0.5 * (torch.logsumexp(rest, 1) - torch.logsumexp(rest[:, OTHERS], 1)).sum()
    return loss / max(1, int((labels != data.IGNORED).sum()))


def rate_at(done: float, peak: float) -> float:
    """Warm-up over the first 3 %, then a cosine to nothing."""
    return max(1e-6, peak * min(1.0, done / 0.03) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, done))))


class Average:
    """A running mean of the weights, followed from some step on."""

    def __init__(self, model: Tagger, decay: float):
        self.decay = decay
        self.model = copy.deepcopy(model)
        self.pairs = [(mine, its) for mine, its in zip(self.model.parameters(), model.parameters()) if its.requires_grad]

    def follow(self) -> None:
        with torch.no_grad():
            for mine, its in self.pairs:
                mine.lerp_(its, 1 - self.decay)


JUDGES = ["uner-ewt-en", "uner-gsdsimp-zh", "wnut17-en", "wikigold-en-held"]


def report(model: Tagger, featuriser: Featuriser, dev: Path, head: str, sets: list[str]) -> float:
    """Prints F1 on some dev sets; the mean of PERSON."""
    persons = []
    for name in sets:
        path = dev / f"{name}.jsonl"
        if path.exists():
            s = score_set(model, featuriser, data.load(path))
            persons.append(s.of("PERSON")[2])
            print(f"{head} {name} all {s.of()[2]:.1f} " + " ".join(f"{e} {s.of(e)[2]:.1f}" for e in tags.ENTITIES), flush=True)
    mean = sum(persons) / max(1, len(persons))
    print(f"{head} PERSON mean {mean:.2f}", flush=True)
    return mean


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write")
    parser.add_argument("--start", type=Path, help="checkpoint to begin from, with its characters")
    parser.add_argument("--epochs", type=float, default=5)
    parser.add_argument("--minutes", type=float, help="end then, whatever the epoch; the rate follows the clock")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--units", type=int, default=3000, help="units a batch")
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--dilations", type=int, nargs="+", default=[1, 1, 2, 4, 8, 1])
    parser.add_argument("--drop", type=float, default=0.25)
    parser.add_argument("--lower", type=float, default=0.25)
    parser.add_argument("--upper", type=float, default=0.12)
    parser.add_argument("--frequent", type=int, default=10000, help="words whose vectors are trained on")
    parser.add_argument("--new-words", type=int, default=3000)
    parser.add_argument("--save-every", type=int, default=300, help="steps")
    parser.add_argument("--average", type=float, default=0.995, help="decay of the running mean of the weights")
    parser.add_argument("--judge-from", type=float, default=0.5, help="share of the schedule after which each save is scored on the dev sets, the best kept in OUT.best.pt, the best before it in OUT.second.pt")
    parser.add_argument("--judges", nargs="+", default=JUDGES, help="dev sets that choose the best mean of the weights")
    parser.add_argument("--hide", type=float, default=0.1, help="share of the words taken for unknown")
    parser.add_argument("--hide-names", type=float, default=0.25, help="and of the words of a person's name")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rows = data.load(args.work / "train.jsonl")
    config, vocab, vectors = describe(args, rows)
    featuriser = Featuriser(vocab, config["chars"], config["char_width"], config["char_head"])
    begun = time.time()
    packed = data.Packed(data.with_cases(rows, args.lower, args.upper), featuriser)
    print(f"featurised {len(packed.weights)} rows, {packed.at[-1]} units in {time.time() - begun:.0f} s", flush=True)
    model = Tagger(config)
    if args.start:
        start_from(model, args.start, vocab, config)
    model.word.weight.data.copy_(vectors)
    learnt = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learnt, lr=args.rate, weight_decay=0.01)
    r = np.random.default_rng(args.seed)
    steps = int(len(packed.batches(np.random.default_rng(0), args.units)) * args.epochs)
    print(f"{sum(p.numel() for p in learnt)} learnt parameters, at most {steps} steps", flush=True)
    step, spent = 0, 0.0
    if args.resume and args.out.exists():
        saved = torch.load(args.out)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        step, spent = saved["step"], saved["seconds"]
    average, champion, best = Average(model, args.average), args.out.with_suffix(".best.pt"), 0.0
    if args.resume and champion.exists():
        best = torch.load(champion)["score"]
    begun, seen, losses = time.time() - spent, 0, []
    person = torch.tensor([tag.endswith("-PERSON") for tag in tags.TAGS])
    since = time.time()

    def done() -> float:
        clock = (time.time() - begun) / (60 * args.minutes) if args.minutes else 0.0
        return max(clock, step / steps)

    def save() -> None:
        torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "seconds": time.time() - begun, "config": config, "vocab": vocab}, args.out)

    def judge(head: str) -> None:
        """Scores the mean of the weights and keeps it if it is the best so far."""
        nonlocal best
        score = report(average.model, featuriser, args.work / "dev", head, args.judges)
        if score > best:
            best = score
            if champion.exists():
                champion.replace(args.out.with_suffix(".second.pt"))
            torch.save({"model": average.model.state_dict(), "step": step, "score": score, "config": config, "vocab": vocab}, champion)

    while done() < 1:
        model.train()
        for group in packed.batches(r, args.units):
            b = packed.batch(group)
            labels = b.pop("labels")
            # Some known words are hidden, names more often, so that the spelling has to speak for itself.
            spaced = b["bigrams"].sum(-1) == 0
            rate = torch.where(spaced & person[labels.clamp(min=0)], args.hide_names, torch.where(spaced, args.hide, 0.07))
            hide = (torch.rand(b["words"].shape) < rate) & (b["words"] > 1)
            b["words"] = b["words"].masked_fill(hide, 1)
            for g in optimiser.param_groups:
                g["lr"] = rate_at(done(), args.rate)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(**b)
            loss = loss_of(logits.float().reshape(-1, len(tags.TAGS)), labels.reshape(-1))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimiser.step()
            average.follow()
            losses.append(loss.item())
            step, seen = step + 1, seen + int(b["mask"].sum())
            if step % 100 == 0:
                print(f"step {step} done {done():.2f} loss {np.mean(losses[-100:]):.4f} {seen / (time.time() - since):.0f} units/s", flush=True)
            if step % args.save_every == 0:
                save()
                if done() >= args.judge_from:
                    judge(f"step {step}")
            if done() >= 1:
                break
        print(f"an epoch ends at step {step}", flush=True)
    save()
    report(model, featuriser, args.work / "dev", "last", args.judges)
    judge("end")


if __name__ == "__main__":
    main()
