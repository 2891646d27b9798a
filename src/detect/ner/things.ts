/**
 * What stands around a reading and says that it is of a thing: a form's field for things, a law of nature, a project,
 * an enumeration of things. Each looks at a bounded stretch of the text.
 */

const REACH = 32;
/** Fields of records that hold no name of a person, place or organisation, in the languages served. */
const FIELDS =
  'product|item|sku|article|colou?r|size|status|category|type|unit|material|format|language|level|model|brand|variant|' +
  'produkt|artikel|bezeichnung|farbe|größe|kategorie|typ|einheit|stoff|sprache|stufe|modell|marke|variante|' +
  'produit|désignation|couleur|taille|catégorie|unité|matière|langue|niveau|modèle|marque|' +
  'producto|artículo|color|talla|categoría|tipo|unidad|idioma|nivel|modelo|marca|' +
  'prodotto|articolo|colore|taglia|unità|materiale|lingua|livello|modello|' +
  'kleur|maat|omschrijving|eenheid|materiaal|taal|niveau|merk|soort|' +
  'produto|artigo|cor|tamanho|categoria|unidade|idioma|nível|' +
  '商品|产品|品名|颜色|尺寸|状态|类别|类型|材质|语言|级别|型号|品牌|科目|栏目';
const FIELD = new RegExp(`(?<![\\p{L}\\p{N}])(?:${FIELDS})["'”]?\\s?[:：=]\\s?["'“]?$`, 'iu');

/**
 * Nouns of science that carry a discoverer's name: the discoverer is nobody whom a prompt is about. Words that people
 * have as well (number, test, scale), or that mean something else next door (`nombre`, `grad`), are not among them.
 */
const LAWS =
  'laws?|theorem|equations?|principle|paradox|gesetz|satz|gleichung|prinzip|paradoxon|stelling|vergelijking';
/** Of these nobody has one: `Doppler effect`, `Richter-Skala`. */
const EFFECTS =
  'effect|scale|cycle|constant|distribution|algorithm|transform|sieve|effekt|skala|zyklus|konstante|verteilung|' +
  'algorithmus|schaal|cyclus|verdeling';
const OF_LAWS =
  'laws?|theorem|gesetz|satz|lois?|théorème|équation|paradoxe|principe|ley(?:es)?|teorema|ecuación|paradoja|principio|' +
  'legg[ei]|equazione|paradosso|leis?|equação|paradoxo|princípio|wet|stelling';
const OF_EFFECTS = 'effetto|efecto|effet|efeito|échelle|escala|scala|schaal';
const LAW_OF = new RegExp(
  `(?<!\\p{L})(?:(?:${OF_LAWS}) (?:of |von |van |de |di |do |da |d'|d’)|(?:${OF_EFFECTS}) (?:de |di |van )?)$`,
  'iu',
);
const OWN_LAW = new RegExp(`^(?:(?:['’]s?)?[ -](?:${LAWS})|[ -](?:${EFFECTS}))(?!\\p{L})`, 'iu');
const CHINESE_LAW = /^[-·]?(?:定律|定理|效应|方程|温标|常数|算法|分布|悖论)/u;
const PROJECT =
  /(?<!\p{L})(?:project|projekt|projet|proyecto|progetto|projeto|codename|release|sprint|milestone) $/iu;

const ITEM = /[^,;:、\n.!?()[\]{}"“”«»]{1,40}/gu;
const LIST_REACH = 160;
const LIST_STOP = /[\n:.!?()[\]{}"“”«»]/;
const MIN_THINGS = 2;

/** Whether the words right around a reading say that it is of a thing. A law is named for a surname alone. */
export function isSaidToBeAThing(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - REACH), start);
  const after = text.slice(end, end + REACH);
  if (FIELD.test(before) || PROJECT.test(before)) return true;
  if (/\s/u.test(text.slice(start, end).trim())) return false;
  return LAW_OF.test(before) || OWN_LAW.test(after) || CHINESE_LAW.test(after);
}

/** Whether a reading stands in an enumeration in which at least two other items are things. */
export function isAmongThings(
  text: string,
  start: number,
  end: number,
  isThing: (item: string) => boolean,
): boolean {
  const from = Math.max(0, start - LIST_REACH);
  const before = text.slice(from, start);
  const after = text.slice(end, end + LIST_REACH);
  const head = before.split(LIST_STOP).at(-1) ?? '';
  const stop = after.search(LIST_STOP);
  const tail = stop < 0 ? after : after.slice(0, stop);
  if (!/[,;、]\s*$/u.test(head) && !/^\s*[,;、]/u.test(tail)) return false;
  const items = [...head.matchAll(ITEM), ...tail.matchAll(ITEM)].map(([item]) => item.trim());
  return items.filter((item) => item !== '' && isThing(item)).length >= MIN_THINGS;
}
