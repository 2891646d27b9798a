/**
 * Words that are nobody's name and no word of a language, joined from a head and a tail. Longer than most names on
 * purpose: what a model writes of its own accord must not happen to be one of them, for it would be restored.
 */
export interface WordList {
  readonly heads: readonly [string, ...string[]];
  readonly tails: readonly [string, ...string[]];
}

function list(heads: string, tails: string): WordList {
  const [head = '', ...otherHeads] = heads.split(' ');
  const [tail = '', ...otherTails] = tails.split(' ');
  return { heads: [head, ...otherHeads], tails: [tail, ...otherTails] };
}

/** Given names that tell neither sex nor country. */
export const LATIN_GIVEN = list(
  'ael ald arv bel bren cal cor dal dev dor eld elv fen fal gar gwel hal hesp ild ior jas jor kael kes lor lun mael mir nal ner nor olv orv per quil rav ros sab sel sor tal tel tor ulr val ves wen wil xan yol zel zor',
  'andis arith athel avrin edren elisk endor erisk evith iandry idren ilvan imarn indel irien isarn ithen odren olisk omarn onwel orisk othen ovren udren ulisk uneth uvarn ynnel yrelk',
);

export const LATIN_FAMILY = list(
  'ash birk bram cald dunn eber fairn galt harn holv ingel jarn kald lind marl nethr oakl ostv pell quarn radn rook stenn storv thorl ulm vand wexl whitl yarn zandr brisk',
  'averne bergand bystad combrey dalvik dermoor enwald gardane estrow hollant kesten lathrope lundane marrick mervald nebrock norvald ostrand quisten rendale rowick sedgrave stowelk tharne undgren vesselby wicken yardel',
);

export const CYRILLIC = list(
  'вел гор дар елм жив зар ильм кед лют мир нар олм прос рад сев тал ульм фед холм цвет черн яр',
  'анвед ерстов идолин имаров онварь орлест отвин уверов ысков ятвин алегор евстан',
);

/** Rare surnames beside rare characters for given names: no two of them meet in ordinary text. */
export const CHINESE_SURNAMES = '邰闵臧麴郗逯佘蔺暨仉郏邝蒯竺濮阚亓禹宓郜芮羿郄靳缪巩苌夔詹籍';
export const CHINESE_GIVEN = '翀珩棽昶砚翊骁旻晟玥琤祎翎湉屹峣嵘彧铄镕霁飏骞隽煊烨炜翙垚珣瑢琰璟';
export const CHINESE_COMPOUND_SURNAMES =
  /^(?:欧阳|歐陽|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|长孙|宇文|司徒|夏侯|闻人|令狐|轩辕|端木|南宫|独孤|澹台|公冶|申屠|呼延|西门)/;
export const KOREAN_SURNAMES = '봉피국견빈옹탄팽편즙묵동뇌망저';
export const KOREAN_GIVEN = '솔찬해든누림겨울담온슬옹별찬';
