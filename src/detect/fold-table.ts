/** Characters without ink: zero-width, bidi controls, variation selectors, loose combining marks, tags. */
export const INVISIBLE =
  /\u00ad|\u034f|[\u{300}-\u{36f}]|\u061c|[\u{115f}\u{1160}]|[\u{17b4}\u{17b5}]|[\u{180b}-\u{180f}]|[\u{200b}-\u{200f}]|[\u{202a}-\u{202e}]|[\u{2060}-\u{206f}]|\u3164|[\u{fe00}-\u{fe0f}]|\ufeff|\uffa0|[\u{fff0}-\u{fff8}]|[\u{1d173}-\u{1d17a}]|[\u{e0000}-\u{e0fff}]/u;

/** Dashes and minus signs that stand for `-` between digits. */
export const DASH = /[\u058a\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]/;

/** First code points of the decimal digit blocks of the basic plane that NFKC leaves alone. */
export const DIGIT_ZEROS: readonly number[] = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
  0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
  0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
];

/** Greek and Cyrillic letters drawn like Latin ones (Unicode TR39 confusables, the single-script part). */
export const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  [
    ['ΑАᎪ', 'A'],
    ['ΒВ', 'B'],
    ['СϹ', 'C'],
    ['ΕЕ', 'E'],
    ['ΗН', 'H'],
    ['ΙІӀ', 'I'],
    ['Ј', 'J'],
    ['ΚК', 'K'],
    ['ΜМ', 'M'],
    ['Ν', 'N'],
    ['ΟО', 'O'],
    ['ΡР', 'P'],
    ['Ѕ', 'S'],
    ['ΤТ', 'T'],
    ['ΥУҮ', 'Y'],
    ['ΧХ', 'X'],
    ['Ζ', 'Z'],
    ['Ԛ', 'Q'],
    ['Ԝ', 'W'],
    ['αа', 'a'],
    ['сϲ', 'c'],
    ['ԁ', 'd'],
    ['е', 'e'],
    ['һ', 'h'],
    ['іι', 'i'],
    ['јϳ', 'j'],
    ['οо', 'o'],
    ['ρр', 'p'],
    ['ԛ', 'q'],
    ['ѕ', 's'],
    ['υ', 'u'],
    ['ν', 'v'],
    ['ԝ', 'w'],
    ['х', 'x'],
    ['уү', 'y'],
  ].flatMap(([from = '', to = '']) => Array.from(from, (letter): [string, string] => [letter, to])),
);
