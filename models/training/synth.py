"""Synthetic labelled text: frames from templates/, slots filled with made-up
names, places and organisations. Every name is drawn at random; none is real on
purpose."""
from __future__ import annotations

import random
import re
from pathlib import Path

import european
import names_zh as zh
import plain
import prose
from names import EXTRA_FIRST, Names

HERE = Path(__file__).parent
SLOT = re.compile(r"\{\{|\}\}|\\n|\\t|\{([A-Z]+)\}")
SPAN = {"P": "PERSON", "PF": "PERSON", "PL": "PERSON", "PC": "PERSON", "PI": "PERSON", "PW": "PERSON", "PX": "PERSON", "EN": "PERSON", "L": "LOCATION", "A": "LOCATION", "O": "ORGANIZATION"}

POOL = {
    "TOPIC": ["the Q3 budget", "your invoice", "the server migration", "my refund", "the new contract", "the missing parcel", "your complaint", "project status", "the lease renewal", "Re: Fwd: payroll", "vacation request", "the security incident", "next steps", "the insurance claim", "password reset", "the job offer"],
    "TOPIC_ZH": ["贷款", "保险理赔", "退货", "社保", "签证", "合同", "发票", "报名", "装修", "账号登录", "体检报告", "房产过户"],
    "J": ["CEO", "CTO", "CFO", "Software Engineer", "project manager", "Marketing Director", "nurse", "teacher", "Head of Sales", "Senior Analyst", "accountant", "Vice President", "HR Manager", "spokesman", "chairman", "Data Scientist", "sales rep", "lawyer", "surgeon", "professor", "journalist", "footballer", "actor", "painter", "senator", "minister"],
    "J_ZH": ["总经理", "董事长", "首席执行官", "软件工程师", "会计", "教授", "演员", "歌手", "记者", "销售总监", "护士", "主任医师", "发言人", "副总裁", "设计师", "局长", "副教授", "研究员", "足球运动员", "作家"],
    "DX": ["type 2 diabetes", "a fractured wrist", "hypertension", "Parkinson's disease", "pneumonia", "chest pain", "Alzheimer's", "migraine", "COVID-19", "asthma", "Crohn's disease", "breast cancer"],
    "DX_ZH": ["高血压", "二型糖尿病", "急性肠胃炎", "肺炎", "骨折", "甲状腺结节", "偏头痛"],
    "FAM": ["wife", "husband", "brother", "sister", "mother", "father", "son", "daughter", "friend", "boss", "aunt", "uncle", "roommate", "neighbor", "girlfriend", "boyfriend", "colleague"],
    "FAM_ZH": zh.FAMILY,
    "H": ["Mr.", "Mrs.", "Ms.", "Mr", "Mrs", "Ms", "Dr.", "Dr", "Prof.", "Miss"],
    "PR": ["iPhone", "Android", "Windows 11", "billing", "checkout", "mobile"],
    "SX": ["M", "F", " M", "/F", "yo male"],
    "SEX": ["男", "女"],
    "M": ["$5,000", "€1.200,50", "£300", "USD 10,000", "2.500 EUR"],
}


def number_like(r: random.Random, kind: str) -> str:
    digits = lambda n: "".join(r.choice("0123456789") for _ in range(n))
    if kind == "PH":
        return r.choice([f"+1 {digits(3)}-{digits(3)}-{digits(4)}", f"({digits(3)}) {digits(3)}-{digits(4)}", f"+44 {digits(4)} {digits(6)}", f"0{digits(3)} {digits(7)}", digits(10)])
    if kind == "PH_ZH":
        return r.choice([f"1{r.choice('3578')}{digits(9)}", f"1{r.choice('358')}{digits(1)}-{digits(4)}-{digits(4)}", f"0{digits(2)}-{digits(8)}"])
    if kind == "ID":
        return r.choice([digits(8), f"#{digits(5)}", f"{r.choice('ABCDX')}{r.choice('ABCDX')}-{digits(6)}", f"{digits(3)}-{digits(2)}-{digits(4)}", digits(16), digits(18)])
    if kind == "E":
        user = r.choice(["info", "j.doe", "sales", "contact", "me", "support"] + [n.lower() for n in EXTRA_FIRST])
        return f"{user}{r.choice(['', '', digits(2)])}@{r.choice(['example.com', 'gmail.com', 'mail.org', 'acme.co', '163.com', 'qq.com', 'outlook.com'])}"
    return digits(r.choice([1, 2]))


def when(r: random.Random, chinese: bool) -> str:
    y, m, d = r.randint(1950, 2026), r.randint(1, 12), r.randint(1, 28)
    if chinese:
        return r.choice([f"{y}年{m}月{d}日", f"{m}月{d}日", f"{y}-{m:02}-{d:02}", "昨天", "下周三", "本周五", "明天上午", f"{y}年{m}月"])
    month = "January February March April May June July August September October November December".split()[m - 1]
    return r.choice([f"{month} {d}, {y}", f"{d} {month} {y}", f"{m}/{d}/{y}", f"{y}-{m:02}-{d:02}", f"{d}.{m}.{y}", "Monday", "tomorrow", "next Friday", f"{month[:3]} {d}", f"{month}"])


class Maker:
    """Fills one frame at a time; fill(frame, chinese) -> (text, spans)."""

    def __init__(self, lists: dict, seed: int, lang: str = "en"):
        self.names = Names(lists, seed, lang)
        self.r = self.names.r

    def value(self, kind: str, chinese: bool) -> str:
        r, n = self.r, self.names
        if chinese:
            made = {"P": n.zh_person, "PF": lambda: r.choice([zh.given(r, n.given_zh), r.choice("小老阿") + r.choice(zh.FIRST_ONE), zh.surname(r) + zh.given(r, n.given_zh)]), "L": n.zh_place, "A": lambda: zh.address(r), "O": n.zh_org}
            if kind in made:
                return made[kind]() if r.random() < 0.985 or kind == "A" else {"P": n.person, "PF": n.first, "L": n.city, "O": n.org}[kind]()
        if kind == "PX":
            return zh.transliterated(r)
        if kind == "PL" and chinese:
            return zh.surname(r)
        made = {"P": n.person, "EN": n.person, "PF": n.first, "PL": n.last, "PI": n.initials, "PW": n.foreign, "PC": lambda: f"{n.last()}, {n.first()}", "L": n.city, "A": n.address, "O": n.org}
        if kind in made:
            return made[kind]()
        if kind == "PROSE" or kind == "PV":
            return prose.prose(r, n.lang) if kind == "PROSE" else prose.predicate(r, n.lang)
        local = european.value(r, n.lang, kind) if n.lang in european.POOLS else None
        if local is not None:
            return local
        if kind == "D":
            return when(r, chinese)
        if kind == "T":
            return f"{r.randint(0, 23)}:{r.randint(0, 59):02}"
        if kind == "Y":
            return str(r.randint(1880, 2026))
        if kind == "AGE":
            return str(r.randint(1, 99))
        if kind == "US":
            return r.choice(EXTRA_FIRST).lower() + r.choice(["_x", "99", "_official", "xo"])
        without_name = plain.value(r, kind)
        if without_name is not None:
            return without_name
        key = f"{kind}_ZH" if chinese and f"{kind}_ZH" in POOL else kind
        if key in POOL:
            return r.choice(POOL[key])
        return number_like(r, "PH_ZH" if chinese and kind == "PH" else kind)

    def fill(self, frame: str, chinese: bool) -> tuple[str, list]:
        out, spans, last, size = [], [], 0, 0

        def put(text: str) -> None:
            nonlocal size
            out.append(text)
            size += len(text)

        for match in SLOT.finditer(frame):
            put(frame[last:match.start()])
            last = match.end()
            kind, token = match.group(1), match.group()
            if token in ("{{", "}}"):
                put(token[0])
            elif token in ("\\n", "\\t"):
                put("\n" if token == "\\n" else "\t")
            elif kind == "PT":
                name, title = zh.titled(self.r)
                spans.append([size, size + len(name), "PERSON"])
                put(name + title)
            else:
                value = self.value(kind, chinese)
                if kind in SPAN:
                    start = 4 if value.startswith("the ") else 0
                    joined = spans and kind == "PL" and spans[-1][1] == size - 1 and spans[-1][2] == "PERSON" and out[-1] == " "
                    # A first name and a surname with a space between them are one name.
                    spans.append([spans.pop()[0] if joined else size + start, size + len(value), SPAN[kind]])
                put(value)
        put(frame[last:])
        return "".join(out), spans


def frames(name: str) -> list[str]:
    """The frames of one file, and of the one that goes on with it."""
    paths = [HERE / "templates" / f"{part}.txt" for part in (name, f"{name}-more")]
    return [line for path in paths if path.exists() for line in path.read_text("utf-8").splitlines() if line.strip()]


def generate(lists: dict, lang: str, count: int, seed: int, real: list[dict] | None = None, empty: float = 0.27, src: str = "synth"):
    """Rows of one language: one to three frames a row, the share `empty` of them without
    entities, and sometimes a row of the real sets between them. A file with both kinds of
    frames marks those without entities by a leading #."""
    maker = Maker(lists, seed, lang)
    r, chinese = maker.r, lang == "zh"
    full = [f for f in frames(lang) if f[0] != "#" or f[1] == " "]
    none = frames(f"{lang}-none") + 2 * frames(f"{lang}-plain") if lang in ("en", "zh") else [f[1:] for f in frames(lang) if f[0] == "#"]
    for _ in range(count):
        text, spans = "", []
        for _ in range(r.choice([1, 1, 1, 2, 2, 3])):
            if real and r.random() < 0.18:
                row = r.choice(real)
                part, found = row["text"], row["spans"]
            else:
                part, found = maker.fill(r.choice(none if r.random() < empty else full), chinese)
            if text:
                text += r.choice(["\n", " ", "\n\n"] if not chinese else ["\n", "", " "])
            spans += [[s + len(text), e + len(text), k] for s, e, k in found]
            text += part
        yield {"text": text, "spans": spans, "src": f"{src}-{lang}", "lang": lang}
