"""Names from Wikipedia's titles, sorted by the first sentence under each ("X is a town in …").

Writes names_wiki.json {lang: {PERSON | LOCATION | ORGANIZATION: [name]}} for substitution,
and partial.jsonl: first paragraphs in which only the title (and its two neighbours) is labelled.
"""
from __future__ import annotations

import argparse
import json
import lzma
import random
import re
from collections import Counter, defaultdict
from pathlib import Path

from names_zh import SYLLABLES

PLACE = "city|town|village|municipality|commune|district|county|river|island|province|suburb|lake|mountain|neighbou?rhood|township|parish|region|settlement|hamlet|borough|peninsula|prefecture|country|capital|bay|creek|valley"
GROUP = "company|corporation|university|bank|newspaper|airline|organi[sz]ation|political party|football club|publisher|college|charity|manufacturer|retailer|broadcaster|agency|foundation|institute|hospital|record label|studio|brewery|association|conglomerate|high school|subsidiary|firm|club|team|regulator|union"
EN = {
    "PERSON": re.compile(r"^[^.(]{0,60}\([^()]{0,90}\b(?:born|[12]\d{3})\b[^()]{0,90}\),? (?:is|was) (?:an?|the) |^[^.]{0,40} (?:is|was) an? (?:[\w\-]+ ){0,4}(?:actor|actress|singer|footballer|politician|writer|player|painter|composer|lawyer|professor|director|journalist|author|poet|scientist|musician)\b"),
    "LOCATION": re.compile(rf"^[^.]{{0,80}} (?:is|was) (?:an?|the) (?:[\w\-]+ ){{0,4}}(?:{PLACE})\b"),
    "ORGANIZATION": re.compile(rf"^[^.]{{0,80}} (?:is|was) (?:an?|the) (?:[\w\-]+ ){{0,5}}(?:{GROUP})\b"),
}
WHO = "演員|演员|歌手|球員|球员|運動員|运动员|人物|政治家|作家|导演|導演|教授|學者|学者|學家|学家|科学家|詩人|诗人|音乐家|音樂家|画家|畫家|将领|將領|官員|官员|外交官|记者|記者|主持人|模特|企業家|企业家|商人|律師|律师|法官|主教|牧師|牧师|皇帝|國王|国王|總統|总统|议员|議員|军官|軍官|武將|武将|大臣|女優|聲優|配音|選手|选手|漫畫家|教練|教练|編劇|编剧|棋手|醫生|医生|工程師|藝人|艺人|革命者|士兵|飛行員|建築師|哲學家|作曲家"
ZH = {
    "PERSON": re.compile(rf"^(?:[（(][^（）()]*[）)])?[^。]{{0,60}}?(?:{WHO}|[男女]，|人，|人。|籍)"),
    "LOCATION": re.compile(r"^(?:[（(][^（）()]*[）)])?[，,]?(?:[又也]?(?:是|為|为|位於|位于))[^。]{0,40}?(?:市|县|縣|镇|鎮|村|區|区|省|州|河|島|岛|山|乡|鄉|城|湖|街道|聚居地|居民点|地名)(?:[，,。之]|$)"),
    "ORGANIZATION": re.compile(r"^(?:[（(][^（）()]*[）)])?[，,]?[^。]{0,12}?(?:是|為|为)[^。]{0,40}?(?:公司|企业|企業|大学|大學|学校|學校|中學|中学|小學|小学|銀行|银行|機構|机构|组织|組織|乐队|樂團|球會|球会|俱乐部|俱樂部|政黨|政党|医院|醫院|集团|集團|報紙|报纸|研究所|协会|協會|基金會)(?:[，,。之]|$)"),
}
ORG_TAIL = re.compile("(?:公司|大学|大學|中學|中学|小學|小学|銀行|银行|醫院|医院|集团|集團|俱乐部|俱樂部|協會|协会|黨|党|會|会|隊|队|局|部|院|学校|學校|學院|学院|報|报)$")
PLACE_TAIL = re.compile("(?:市|县|縣|镇|鎮|村|區|区|省|州|河|島|岛|山|乡|鄉|城|湖|路|街|站|寺|橋|桥|港|灣|湾|屯|里|機場|机场)$")
EN_TITLE = re.compile(r"^[A-ZÀ-ÞŁŚŠŽ][\w.'’\-&]*(?:,? (?:[A-ZÀ-ÞŁŚŠŽ0-9][\w.'’\-&]*|of|the|de|la|van|von|der|del|di|da|al|el|ibn|bin|and|on|for)){0,6}$")
ZH_TITLE = re.compile(r"^[\u4e00-\u9fff·‧•・]{2,16}$")


def articles(path: Path, pattern: re.Pattern):
    """(title, first paragraph) of the articles whose title fits."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        before = ""
        for line in lines:
            line = line.strip()
            if len(line) > 20 and 1 < len(before) <= 50 and pattern.match(before) and line.startswith(before.split(",")[0].split(" ")[0]):
                yield before, line
            before = line


def classify_en(title: str, line: str) -> str | None:
    for label, pattern in EN.items():
        if pattern.match(line[:300]):
            if label == "PERSON" and (" " not in title or re.search(r" (?:of|the|and|for|on) |\d|&|^List", title)):
                return None
            return None if title.startswith(("List ", "History ", "Economy ", "Geography ", "Politics ")) else label
    return None


def classify_zh(title: str, line: str) -> str | None:
    if not line.startswith(title):
        return None
    rest = line[len(title): len(title) + 160]
    person = ZH["PERSON"].match(rest) and re.match(r"[（(，,]", rest)
    if person and (len(title) <= 4 or re.search("[·‧•・]", title)) and not re.search("[班團团隊队組社軍军号號]$", title) and not PLACE_TAIL.search(title[2:]) and not ORG_TAIL.search(title[1:]):
        return "PERSON"
    if ORG_TAIL.search(title) and ZH["ORGANIZATION"].match(rest):
        return "ORGANIZATION"
    if ZH["LOCATION"].match(rest) and not ORG_TAIL.search(title):
        return "LOCATION"
    return None


def mentions(line: str, name: str, label: str, chinese: bool) -> list[list]:
    """Every occurrence of the name, and in English of a person's surname alone."""
    found = [[m.start(), m.end(), label] for m in re.finditer(re.escape(name), line)]
    if label == "PERSON" and not chinese:
        last = name.split()[-1]
        if len(last) > 3 and last.isalpha() and last[0].isupper():
            for m in re.finditer(rf"(?<![\w.] )(?<![\w\-]){re.escape(last)}(?![\w\-]| [A-Z])", line):
                if not any(s <= m.start() < e for s, e, _ in found):
                    found.append([m.start(), m.end(), label])
    return sorted(found)


HAN_PAIR = re.compile(r"(?=([\u4e00-\u9fff]{2}))")


def ordinary(path: Path, names: list[str], count: int) -> list[dict]:
    """Chinese sentences in which the ideographs of the most frequent pairs, and those that only
    stand in frequent ones, are marked as no part of a person's name: an ideograph says little alone, and surnames are common words
    too. Pairs that a harvested name holds, or that spell foreign names, are left out."""
    pairs: Counter[str] = Counter()
    sentences: list[str] = []
    r = random.Random(2)
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 8 == 0 and len(line) > 30:
                line = line.strip()[:120]
                pairs.update(m.group(1) for m in HAN_PAIR.finditer(line))
                sentences.append(line)
    named = {m.group(1) for name in names for m in HAN_PAIR.finditer(name)}
    common = {pair for pair, _ in pairs.most_common(9000) if not set(pair) <= set(SYLLABLES)} - named
    words = common & {pair for pair, _ in pairs.most_common(4000)}
    out = []
    for text in r.sample(sentences, min(count, len(sentences))):
        good = [m.start() for m in HAN_PAIR.finditer(text) if m.group(1) in common]
        bad = {m.start() for m in HAN_PAIR.finditer(text)} - set(good)
        sure = [i for i in good if text[i: i + 2] in words]
        marks = sorted({at for i in good for at in (i, i + 1) if at not in bad and at - 1 not in bad} | {at for i in sure for at in (i, i + 1)})
        out.append({"text": text, "spans": [], "not_person": [[at, at + 1] for at in marks], "lang": "zh", "src": "plain-zh", "partial": True, "weight": 0.8})
    print(len(common), "pairs that are in no name, e.g.", r.sample(sorted(common), 30))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--english", type=Path, nargs="+", required=True)
    parser.add_argument("--chinese", type=Path, nargs="+", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=8000, help="partial rows a language and class")
    parser.add_argument("--plain", type=int, default=10000, help="Chinese sentences with marks of what is no name")
    args = parser.parse_args()
    names: dict = {}
    rows: list[dict] = []
    for lang, paths, pattern, classify in (("en", args.english, EN_TITLE, classify_en), ("zh", args.chinese, ZH_TITLE, classify_zh)):
        seen, kept = defaultdict(dict), defaultdict(list)
        for path in paths:
            for title, line in articles(path, pattern):
                label = classify(title, line)
                if label:
                    seen[label][title] = None
                    text = line[:160 if lang == 'zh' else 300]
                    spans = mentions(text, title, label, lang == "zh")
                    if spans:
                        kept[label].append({"text": text, "spans": spans, "lang": lang, "src": f"wiki-{lang}", "partial": True, "weight": 0.5})
        names[lang] = {label: list(found) for label, found in seen.items()}
        r = random.Random(1)
        for label, found in kept.items():
            rows += r.sample(found, min(args.rows, len(found)))
            print(lang, label, len(seen[label]), r.sample(list(seen[label]), 25))
    rows += ordinary(args.chinese[0], names["zh"]["PERSON"], args.plain)
    (args.work / "names_wiki.json").write_text(json.dumps(names, ensure_ascii=False), "utf-8")
    with open(args.work / "partial.jsonl", "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(len(rows), "partial rows")


if __name__ == "__main__":
    main()
