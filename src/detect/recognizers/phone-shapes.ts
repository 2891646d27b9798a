import { type CountryCode } from 'libphonenumber-js/max';
import { PHONE_WORDS } from './phone-words.ts';

/** The national prints of numbers where neither a trunk zero nor brackets give them away. */
const PRINTS: readonly (readonly [region: CountryCode, shape: RegExp])[] = [
  // 612 345 678; 612 34 56 78; 61 234 56 78; 91 123 45 67; (91) 123 45 67; 34 612 345 678
  [
    'ES',
    /^(?:(?:34|\(34\)) )?(?:[67]\d{2} \d{3} \d{3}|[6-9]\d{2}([ -])\d{2}\1\d{2}\1\d{2}|[67]\d{2}\.\d{2}\.\d{2}\.\d{2}|[6-9]\d{2}-\d{3}-\d{3}|(?:[6-9]\d|\([89]\d\)) \d{3} \d{2} \d{2})$/,
  ],
  // 912 345 678; 91 234 56 78; 21 123 45 67; (21) 123 45 67; 351 912 345 678
  [
    'PT',
    /^(?:(?:351|\(351\)) )?(?:9[1236]\d([ .])\d{3}\1\d{3}|[29]\d{2}-\d{3}-\d{3}|(?:9[1236]|2\d|\(2\d\))([ .])\d{3}\2\d{2}\2\d{2})$/,
  ],
  // 347 123 4567; 347 12 34 567; 347 1234567; 347-1234567; 347/1234567
  ['IT', /^3\d{2}(?: \d{3} \d{3,4}| \d{2} \d{2} \d{3}| \d{2} \d{3} \d{2}|[-/ ]\d{6,7})$/],
];
/** Prints that large numbers have too: a number only where one is given to be called. */
const LANDLINES: readonly (readonly [region: CountryCode, shape: RegExp])[] = [
  ['ES', /^[89]\d{2} \d{3} \d{3}$|^[6-9]\d \d{7}$|^[89]\d \d{3} \d{4}$/],
  ['PT', /^2\d{2} \d{3} \d{3}$|^[29]\d \d{7}$|^2\d \d{3} \d{4}$/],
];
const CALLED =
  /(?:(?<!\p{L})(?:no|ao|pelo|para o|é|é o|ou|al|en el|nel|allo|al numero|ao número|no número|al número)|^|[,;:|("'\t\n])\s?$/iu;
/** (11) 91234-5678, 11 91234-5678, (21) 3456-7890: printed so in Brazil alone, whatever the regions. */
const BRAZILIAN =
  /^(?:\(\d{2}\) ?(?:9 ?)?\d{4}-\d{4}|\(\d{2}\) ?9 ?\d{4} ?\d{4}|\d{2}[ -]9 ?\d{4}-\d{4}|\d{2} 9 \d{4} \d{4})$/;
const BRAZILIAN_WHERE_CALLED = /^\d{2} (?:[2-5]|9 ?\d)\d{3}[- ]\d{4}$/;
/** How far back a word for phones makes the prints of landlines and of Brazil numbers to be called. */
const SPOKEN_OF = 160;
/** Groups of three are how large numbers are printed too; then they count something. */
const COUNTED =
  /^ ?(?:[€$£%°]|(?:euros?|eur|usd|reais|pesos?|d[óo]lares|dollari|habitantes|habitants|abitanti|inwoners|einwohner|personas|pessoas|persone|people|millones|milh[õo]es|milioni|toneladas|tonnellate|bytes?|k[bgm]|m[23²³]?|km²?|t|de|di|unidades|unit[àa]|items?|rows?|filas|linhas|righe)(?!\p{L}))/iu;
const COUNTING =
  /(?:[€$£¥#=+*/<>-]|(?<!\p{L})(?:total|totale|suma|soma|somma|poblaci[óo]n|popula[çc][ãa]o|popolazione|unos|unas|cerca|circa|casi|quasi|m[áa]s de|mais de|pi[ùu] di|over|about|factura|fattura|fatura|pedido|ordine|encomenda|referencia|riferimento|refer[êe]ncia|ref|n[º°]|serie|lote|lotto|art|art[íi]culo|articolo|artigo|c[óo]digo|codice|id)(?: d[ei])?\.?:?) ?$/iu;

/** The countries whose way of printing a number this is, when nothing beside it makes it an amount. */
export function printedAs(
  text: string,
  start: number,
  end: number,
  regions: readonly CountryCode[],
): readonly CountryCode[] {
  const printed = text.slice(start, end);
  if (BRAZILIAN.test(printed)) return ['BR'];
  const before = text.slice(Math.max(0, start - 16), start);
  const isCalled =
    CALLED.test(before) || PHONE_WORDS.isIn(text.slice(Math.max(0, start - SPOKEN_OF), end + SPOKEN_OF));
  if (isCalled && BRAZILIAN_WHERE_CALLED.test(printed)) return ['BR'];
  const known = isCalled ? [...PRINTS, ...LANDLINES] : PRINTS;
  const fitting = known.filter(([region, shape]) => regions.includes(region) && shape.test(printed));
  if (fitting.length === 0) return [];
  if (COUNTED.test(text.slice(end, end + 16))) return [];
  return COUNTING.test(before) ? [] : fitting.map(([region]) => region);
}
