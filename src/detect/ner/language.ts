/** Characters read to tell a language: the beginning of a text says it. */
const WINDOW = 4096;
const WORD = /\p{L}+/gu;
/** Words of English and of the other languages served that no other of them has; `in`, `die` and `was` are left out. */
const ENGLISH: ReadonlySet<string> = new Set(
  'the of and to is it for that this with you your my our his her their they we she from have has not but if or be been will would can could should please what how which when where who why there about into after before because just than then them these those'.split(
    ' ',
  ),
);
const OTHERS: ReadonlySet<string> = new Set(
  (
    'der das den dem des und ist nicht ein eine einen einem einer mit für auf von zu zum zur ich sie wir ihr bitte bei aus nach wie auch noch im vom beim ' +
    'le la les un une et est pour dans avec sur je vous nous pas que qui du au aux ce cette son sa mais ou où ' +
    'el los las y es para con por en del se lo al su una como más pero ' +
    'il gli di che è per non della sono ho ha nel dal alla al mi ti si ' +
    'het een van niet voor met op ik je wij zijn aan bij uit om dat naar nog ook er te ' +
    'os um uma é e com não do da em ao dos das eu você seu sua mas foi'
  ).split(' '),
);
const ACCENTS = /[äöüßàâçéèêëîïôûùñáíóúìòãõ¿¡œ]/u;

/**
 * Whether a text in letters of the Latin script is in English, as far as its small words tell; a text without any is
 * taken for English, whose chats and forms are the tersest.
 */
export function looksEnglish(text: string): boolean {
  let english = 0;
  let others = 0;
  for (const [word] of text.slice(0, WINDOW).toLowerCase().matchAll(WORD)) {
    if (ENGLISH.has(word)) english++;
    else if (OTHERS.has(word) || ACCENTS.test(word)) others++;
  }
  return english >= others;
}
