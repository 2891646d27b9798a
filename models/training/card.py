"""Writes the model card (README.md) and MANIFEST.json of a model folder, and the training's section of models/SCORES.md."""
from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

HERE = Path(__file__).parent

SOURCES = [
    {"name": "Wikipedia in English and Chinese, plain text (word vectors, titles, partly labelled paragraphs)", "licence": "CC BY-SA 3.0 / 4.0", "share_alike": True},
    {"name": "Universal NER: UNER_English-EWT, UNER_Chinese-GSDSIMP (train)", "licence": "CC BY-SA 4.0", "share_alike": True},
    {"name": "WikiANN: en, de, fr, nl, pt (train, weighted down)", "licence": "CC BY-SA (from Wikipedia)", "share_alike": True},
    {"name": "WNUT 2017 (train)", "licence": "CC BY 4.0", "share_alike": False},
    {"name": "Broad Twitter Corpus (nine tenths)", "licence": "CC BY 4.0", "share_alike": False},
    {"name": "WikiGold (nine tenths)", "licence": "CC BY 4.0", "share_alike": False},
    {"name": "LitBank, proper names (nine tenths)", "licence": "CC BY 4.0", "share_alike": False},
    {"name": "CrossNER (train)", "licence": "MIT", "share_alike": False},
    {"name": "Names, streets and companies of @faker-js/faker, in synthetic text", "licence": "MIT", "share_alike": False},
    {"name": "Messages of the TypeScript compiler in German, French, Spanish, Italian, Portuguese and Chinese, as text without names", "licence": "Apache-2.0", "share_alike": False},
    {"name": "Names of countries, languages and currencies of Node's locale data (CLDR)", "licence": "Unicode-3.0", "share_alike": False},
    {"name": "Sentence frames, word lists and pieces of surnames written for this project (models/training)", "licence": "Apache-2.0", "share_alike": False},
]
LICENCE = "CC-BY-SA-4.0"
BEGIN, END = "<!-- begin: models/training -->\n", "<!-- end: models/training -->\n"


def replace_section(path: Path, section: str) -> None:
    """Puts the section between our marks; a file without them gets it in front. Other
    sections of the file belong to others."""
    text = path.read_text("utf-8") if path.exists() else ""
    before, mark, rest = text.partition(BEGIN)
    if not mark:
        before, rest = "", f"{END}{text}"
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{path}: {BEGIN.strip()} without {END.strip()}")
    path.write_text(f"{before}{BEGIN}{section.strip()}\n{END}{after}", "utf-8")


def digest(path: Path) -> dict:
    return {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--table", type=Path, required=True, help="evaluate.py's output")
    parser.add_argument("--yardsticks", type=Path, nargs="*", default=[], help="evaluate.py's output for models that are not shipped")
    parser.add_argument("--scores", type=Path, help="SCORES.md, in which to write our section")
    args = parser.parse_args()
    config = json.loads((args.model / "config.json").read_text("utf-8"))
    table = args.table.read_text("utf-8").strip()
    sources = "\n".join(f"- {s['name']}: {s['licence']}{' (share-alike)' if s['share_alike'] else ''}" for s in SOURCES)
    measured = [path.read_text("utf-8").strip() for path in args.yardsticks if path.exists()]
    yardsticks = "\n\n".join(measured) or "Not measured for this version."
    fill = {"@YARDSTICKS@": yardsticks, "@VERSION@": config["version"], "@SOURCES@": sources, "@SCORES@": table, "@THRESHOLDS@": ", ".join(f"{k} {v}" for k, v in config["thresholds"].items()), "@FIELD@": str(config["receptive_field"])}
    for target, template in ((args.model / "README.md", "card.md"), (args.scores, "scores.md")):
        if target is None:
            continue
        text = (HERE / "templates" / template).read_text("utf-8")
        for key, value in fill.items():
            text = text.replace(key, value)
        if target == args.scores:
            replace_section(target, text)
        else:
            target.write_text(text, "utf-8")
    files = {p.name: digest(p) for p in sorted(args.model.iterdir()) if p.name != "MANIFEST.json"}
    manifest = {"name": args.model.name, "version": config["version"], "licence": LICENCE, "files": files, "sources": SOURCES}
    (args.model / "MANIFEST.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
