import { type TextView } from '../view.ts';

const HAN = '[\\u4e00-\\u9fff]';
export const CHINESE_ADDRESS_HINT = /[路街道巷弄同里村段][ ]?\d{1,5}[^\d]{0,4}[号弄]|[路街道巷][ ]?\d{1,5}-/;
const BEFORE = 40;
const AFTER = 64;

/** Province, city, district, town, then a road's name right before its number. */
const ROAD_BEFORE = new RegExp(
  `(?:${HAN}{2,8}(?:省|自治区))?(?:${HAN}{2,10}?[市州盟])?(?:${HAN}{1,10}?[区县旗市])?(?:${HAN}{1,8}?(?:镇|乡|街道))?(?<road>${HAN}{1,8}(?:路|街|道|巷|胡同|里|村|弄|段)) ?$`,
);
const HOUSE = '\\d{1,5}(?:-\\d{1,4})?(?:号|弄)(?![线店文令])';
const ESTATE = `(?:${HAN}{2,8}?(?:小区|苑|大厦|广场|中心|花园|公寓|大楼|园|城))?`;
const PART = '(?:[A-Za-z]?\\d{0,5}(?:-\\d{1,4})?(?:号楼|号院|栋|幢|座|单元|号|楼|层|室|户))';
const HOUSE_AND_REST = new RegExp(
  `^${HOUSE}${ESTATE}${PART}{0,5}(?:[A-Za-z]?\\d{2,5}(?:-\\d{1,4})?(?!\\d))?`,
);
/** Words that lead to an address and are in no place's name: `送到`, `位于`, `地址`, `住在`. */
const LEADS = /^.*[到于在址住往为是至给的站去寄租将把来：:]/s;

/** `上海市浦东新区世纪大道100号3号楼502室`. Offsets of the view; linear, since every window is bounded. */
export function chineseAddresses({ text, tokens }: TextView): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const { start } of tokens) {
    if (start < (found.at(-1)?.end ?? 0)) continue;
    const rest = HOUSE_AND_REST.exec(text.slice(start, start + AFTER));
    if (rest === null) continue;
    const road = ROAD_BEFORE.exec(text.slice(Math.max(0, start - BEFORE), start));
    if (road === null) continue;
    const lead = LEADS.exec(road[0])?.[0].length ?? 0;
    // What is left must still be a road's name and not the bare word.
    if (road[0].trimEnd().length - lead < 2) continue;
    found.push({ start: start - road[0].length + lead, end: start + rest[0].length });
  }
  return found;
}
