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

/** Nouns of science that carry a discoverer's name: the discoverer is nobody whom a prompt is about. */
const LAWS =
  'laws?|theorem|effect|principle|equations?|paradox|constant|scale|cycle|motion|distribution|algorithm|curve|number|test|transform|sieve|ratio|' +
  'gesetz|satz|effekt|prinzip|gleichung|paradoxon|konstante|skala|zyklus|verteilung|algorithmus|kurve|zahl|' +
  'lois?|théorème|effet|principe|équation|paradoxe|constante|échelle|cycle|algorithme|courbe|nombre|' +
  'ley(?:es)?|teorema|efecto|principio|ecuación|paradoja|escala|ciclo|algoritmo|curva|número|' +
  'legg[ei]|effetto|equazione|paradosso|costante|scala|curva|numero|' +
  'wet|stelling|beginsel|vergelijking|schaal|cyclus|verdeling|kromme|' +
  'leis?|efeito|princípio|equação|paradoxo|escala|grad|graden|degrees?|degrés|grados|gradi|graus';
const LAW_OF = new RegExp(`(?<!\\p{L})(?:${LAWS}) (?:of |von |van |vom |des |de |di |do |da |d'|d’)?$`, 'iu');
const OWN_LAW = new RegExp(`^(?:['’]s?)?[ -](?:${LAWS})(?!\\p{L})`, 'iu');
const CHINESE_LAW =
  /^[-·]?(?:定律|定理|效应|方程|温标|常数|算法|分布|悖论|模型|公式|度(?![^\p{L}])|指数|曲线)/u;
const PROJECT =
  /(?<!\p{L})(?:project|projekt|projet|proyecto|progetto|projeto|codename|release|sprint|milestone) $/iu;

const ITEM = /[^,;:、\n.!?()[\]{}"“”«»]{1,40}/gu;
const LIST_REACH = 160;
const LIST_STOP = /[\n:.!?()[\]{}"“”«»]/;
const MIN_THINGS = 2;

/** Whether the words right around a reading say that it is of a thing. */
export function isSaidToBeAThing(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - REACH), start);
  const after = text.slice(end, end + REACH);
  return (
    FIELD.test(before) ||
    PROJECT.test(before) ||
    LAW_OF.test(before) ||
    OWN_LAW.test(after) ||
    CHINESE_LAW.test(after)
  );
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
