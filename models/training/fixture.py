"""Writes the parity fixture that keeps features.py and word-encoder.ts the same.

    python3 fixture.py > ../../test/fixtures/word-encoder-parity.json
"""
from __future__ import annotations

import json
import sys

from features import Featuriser, normalise, units

CONFIG = {"model_type": "cordon-words", "max_word": 12, "char_width": 6, "char_head": 4, "chars": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzéüßñ0123456789.,@-'\U0001d49c"}

TEXTS = [
    "",
    "   \n\t ",
    "Hi, I'm Maria Gonzalez, please call John O'Neill in Berlin.",
    "i am maria from LONDON, iPhone user; McDonald eats at MIT",
    "我叫王小明，住在上海市浦东新区，请联系李娜。",
    "請聯絡歐陽·娜娜 or Zhang Wei（张伟）at 13812345678",
    "東京タワーで田中さんに会う。ｶﾀｶﾅ ヿ ゟ",
    "Call me at +1 (555) 010-9999 or a12b345c6",
    "2024-05-01 １２３ ٣٤٥ 𝟏𝟐𝟑 12345678901234567890",
    "café Cafe\u0301 Ångström straße ﬁn Ⅳ ẞ ǅungla İstanbul ΣΊΣΥΦΟΣ",
    "👩‍👩‍👧 hello👋🏽world 🇩🇪",
    "line one\nline two\r\n\r\nline\u2028four\u00a0five\u3000six\ufeffseven",
    "{\"name\": \"Zoë\", \"tags\": [1, 2]}\n<b>x</b> \\n",
    "Pneumonoultramicroscopicsilicovolcanoconiosis antidisestablishment",
    "a" * 40 + " " + "Ab" * 7 + " " + "\u0301" * 20,
    "lone \ud83d surrogate \udc4b end\ud800",
    "\ud800",
    "𠀀𠮷野家 𝒜𝓁𝒾𝒸ℯ 𐐀𐐨",
    "안녕하세요 Привет МОСКВА مرحبا हिन्दी ไทย",
    "\u200bzero\u200bwidth\u202eright",
    "中 文\n中文中A文",
    "〇々〆ー・＝ 豈更",
    "... --- ''' \"\"\" @user #tag $5 50% €10 §3",
    "\x00\x07\x7f\x85nul",
]


def offsets(text: str) -> list[int]:
    """The UTF-16 offset of each code point and of the end."""
    out = [0]
    for char in text:
        out.append(out[-1] + (2 if ord(char) > 0xFFFF else 1))
    return out


def vocabulary() -> list[str]:
    """Every second unit and ideograph pair of the texts, so that unknown ones occur too."""
    keys: dict[str, None] = {}
    for text in TEXTS:
        found = units(text)
        for index, (start, end, kind) in enumerate(found):
            keys[normalise(text[start:end])] = None
            if kind == "cjk" and index and found[index - 1][2] == "cjk" and found[index - 1][1] == start:
                keys[normalise(text[start - 1]) + normalise(text[start])] = None
    plain = [key for key in keys if not any(0xD800 <= ord(c) < 0xE000 for c in key)]
    return ["<pad>", "<unk>", *plain[::2]]


def main() -> None:
    vocab = vocabulary()
    featuriser = Featuriser(vocab, CONFIG["chars"], CONFIG["char_width"], CONFIG["char_head"], CONFIG["max_word"])
    cases = []
    for text in TEXTS:
        e, at = featuriser.encode(text), offsets(text)
        cases.append({
            "text": text,
            "starts": [at[i] for i in e["starts"]],
            "ends": [at[i] for i in e["ends"]],
            "features": {
                "words": e["words"],
                "bigrams": [v for pair in e["bigrams"] for v in pair],
                "chars": [v for row in e["chars"] for v in row],
                "shapes": e["shapes"],
                "gaps": e["gaps"],
            },
        })
    head = {"config": CONFIG, "vocab": "\n".join(vocab) + "\n"}
    lines = ",\n".join("  " + json.dumps(case) for case in cases)
    sys.stdout.write('{"made": ' + json.dumps(head) + ',\n "cases": [\n' + lines + "\n ]}\n")


if __name__ == "__main__":
    main()
