"""Text to units and features: the Python twin of src/detect/ner/word-encoder.ts.

The two must agree to the last integer (test/fixtures/word-encoder-parity.json),
so every character class that is not a plain Unicode category is a table of code
points here and there.
"""
from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

# Ideographs and kana: one unit each. Half-width katakana included; the marks
# U+3099 and U+309A are not, they are ordinary combining marks.
CJK = [
    (0x3005, 0x3007), (0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA),
    (0x30FC, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF), (0xFF66, 0xFF9D), (0x20000, 0x3FFFF),
]
SPACE = [
    (0x00, 0x20), (0x7F, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A),
    (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
]
PAD, UNK = 0, 1
MAX_WORD = 48  # code points; a longer unit is not looked up, nor its case read on


def inside(point: int, ranges: list[tuple[int, int]]) -> bool:
    return any(low <= point <= high for low, high in ranges)


def _class(test) -> str:
    """A regex class of all code points for which test(point) holds."""
    out, start = [], None
    for point in range(sys.maxunicode + 2):
        hit = point <= sys.maxunicode and test(point)
        if hit and start is None:
            start = point
        elif not hit and start is not None:
            out.append(f"\\U{start:08x}-\\U{point - 1:08x}")
            start = None
    return "".join(out)


@lru_cache(None)
def unit_pattern() -> re.Pattern[str]:
    special = lambda p: inside(p, CJK) or inside(p, SPACE)
    letters = _class(lambda p: not special(p) and unicodedata.category(chr(p))[0] in "LM")
    digits = _class(lambda p: not special(p) and unicodedata.category(chr(p)) == "Nd")
    cjk = _class(lambda p: inside(p, CJK))
    space = _class(lambda p: inside(p, SPACE))
    return re.compile(f"(?P<word>[{letters}]+)|(?P<digits>[{digits}]+)|(?P<cjk>[{cjk}])|(?P<other>[^{space}])")


_DIGIT = re.compile(r"\d")


def normalise(unit: str) -> str:
    """NFKC, lower case, every decimal digit 0: the key of the vocabulary."""
    if unit.isascii():
        return _DIGIT.sub("0", unit.lower())
    return _DIGIT.sub("0", unicodedata.normalize("NFKC", unit).lower())


def units(text: str) -> list[tuple[int, int, str]]:
    """(start, end, kind) of every unit, in code points; kind is the class name."""
    return [(m.start(), m.end(), m.lastgroup) for m in unit_pattern().finditer(text)]


# --- features -----------------------------------------------------------------

SHAPES = {
    "lower": 1, "title": 2, "upper": 3, "initial": 4, "camel": 5, "mixed": 6, "uncased": 7,
    "digits1": 8, "digits2": 9, "digits3": 10, "digits4": 11, "digits": 12,
    "han": 13, "kana": 14, "ascii": 15, "symbol": 16,
}
SHAPE_COUNT = 17
GAPS = {"start": 1, "glued": 2, "space": 3, "line": 4}
GAP_COUNT = 5
CHAR_CJK, CHAR_BASE = 2, 3  # 0 pads, 1 is an unknown character
LINE = re.compile("[\n\r\u2028\u2029]")


def is_han(point: int) -> bool:
    return point in (0x3005, 0x3006, 0x3007) or 0x3400 <= point <= 0x9FFF or 0xF900 <= point <= 0xFAFF or point >= 0x20000


def shape_of(unit: str, kind: str, limit: int = MAX_WORD) -> int:
    if kind == "cjk":
        return SHAPES["han" if is_han(ord(unit)) else "kana"]
    if kind == "digits":
        return SHAPES[f"digits{len(unit)}" if len(unit) <= 4 else "digits"]
    if kind == "other":
        return SHAPES["ascii" if unit.isascii() else "symbol"]
    upper = lower = 0
    for char in unit[:limit]:
        if char.lower() != char:
            upper += 1
        elif char.upper() != char:
            lower += 1
    if upper == 0:
        return SHAPES["lower" if lower else "uncased"]
    first = unit[0].lower() != unit[0]
    if lower == 0:
        return SHAPES["initial" if upper == 1 else "upper"]
    if first:
        return SHAPES["title" if upper == 1 else "mixed"]
    return SHAPES["camel"]


class Featuriser:
    """words [T], bigrams [T, 2], chars [T, C], shapes [T], gaps [T] of one text."""

    def __init__(self, vocab: list[str], chars: str, width: int, head: int, limit: int = MAX_WORD):
        self.vocab = {word: index for index, word in enumerate(vocab) if index > UNK}
        self.chars = {char: index + CHAR_BASE for index, char in enumerate(chars)}
        self.width, self.head, self.limit = width, head, limit
        self.cache: dict[tuple[str, str], tuple] = {}

    def spell(self, unit: str, kind: str) -> list[int]:
        if kind == "cjk":
            return [CHAR_CJK] + [PAD] * (self.width - 1)
        if len(unit) > self.width:
            unit = unit[: self.head] + unit[len(unit) - (self.width - self.head):]
        ids = [self.chars.get(char, UNK) for char in unit]
        return ids + [PAD] * (self.width - len(ids))

    def own(self, unit: str, kind: str) -> tuple:
        """What a unit says without its neighbours: key, word, shape, spelling."""
        got = self.cache.get((unit, kind))
        if got is None:
            key = normalise(unit) if len(unit) <= self.limit else None
            word = UNK if key is None else self.vocab.get(key, UNK)
            got = (key, word, shape_of(unit, kind, self.limit), self.spell(unit, kind))
            if len(self.cache) < 500_000:
                self.cache[(unit, kind)] = got
        return got

    def encode(self, text: str) -> dict:
        out = {"starts": [], "ends": [], "words": [], "bigrams": [], "chars": [], "shapes": [], "gaps": []}
        before, end = None, 0
        for match in unit_pattern().finditer(text):
            start, kind = match.start(), match.lastgroup
            key, word, shape, spelling = self.own(match.group(), kind)
            left = PAD
            glued = start == end and bool(out["words"])
            if kind == "cjk" and before is not None and glued:
                left = self.vocab.get(before + key, UNK)
                out["bigrams"][-1][1] = left
            out["gaps"].append(
                GAPS["start"] if not out["words"] else GAPS["glued"] if glued
                else GAPS["line"] if LINE.search(text, end, start) else GAPS["space"]
            )
            out["bigrams"].append([left, PAD])
            out["words"].append(word)
            out["shapes"].append(shape)
            out["chars"].append(spelling)
            out["starts"].append(start)
            out["ends"].append(match.end())
            before, end = (key if kind == "cjk" else None), match.end()
        return out
