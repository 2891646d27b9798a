import { type Span } from '../../domain/span.ts';
import { type Recognizer } from '../recognizer.ts';
import { type Token } from '../tokens.ts';

/**
 * Numbers that an organisation gave to a person (HIPAA's list: record, beneficiary, account and licence numbers, and
 * those of employees, customers and students). They have no common shape, so the label decides; orders, invoices and
 * tickets are nobody's.
 */
const HOLDERS_EN =
  'employee|emp|staff|personnel|payroll|worker|customer|cust|client|member(?:ship)?|patient|medical[ _-]?record|health[ _-]?(?:record|plan|insurance|card)|chart|claim|policy(?:[ _-]?holder)?|insurance|insured|account|acct|student|enrol?lment|subscriber|beneficiary|loyalty|badge|passport|driv(?:ers?|er.s|ing)[ _-]licen[cs]e|national|identity|identification|citizen|resident|applicant|candidate|donor|inmate|tax(?:payer)?';
const HOLDERS_DE =
  'personal|mitarbeiter|kunden|patienten|mitglieds?|versicherten|(?:kranken|renten|sozial|lebens)?versicherungs?|vertrags|policen?|matrikel|konto|ausweis|personalausweis|(?:reise)?pass|führerschein|steuer|fall|akten';
const HOLDERS_NL =
  'klant(?:en)?|personeels|patiënt(?:en)?|patient(?:en)?|lid(?:maatschaps)?|polis|student(?:en)?|medewerkers?|paspoort|rekening|verzekerden?|relatie|dossier|rijbewijs';
const ROMANCE =
  'client|patient|employée?|salariée?|agent|adhérente?|assurée?|allocataire|bénéficiaire|étudiante?|dossier(?: médical| patient)?|contrat|police|compte|passeport|permis|cliente|paciente|emplead[oa]|trabajador|soci[oa]|historia(?: clínica)?|póliza|contrato|expediente|cuenta|afiliad[oa]|afiliación|estudiante|alumn[oa]|pasaporte|asegurad[oa]|paziente|dipendente|tessera(?: sanitaria)?|polizza|contratto|cartella(?: clinica)?|pratica|conto|studente|passaporto|patente|assicurato|funcionári[oa]|utente|apólice|processo|conta|beneficiári[oa]|prontuário|carteir(?:a|inha)|segurad[oa]|matrícula|passaporte|colaborador';
const NUMBER_ROMANCE =
  '(?:numéro|numero|número|núm\\.?|num\\.?|n[°ºo]\\.?|id|identifiant|código|codice|code)';
/** Read in lower case: matching any case and all of Unicode would cost three times as much. */
const LABEL = new RegExp(
  `(?:${[
    `(?<![a-z])(?:${HOLDERS_EN})[ _-]?(?:id(?:entifier|entification)?(?:[ _-]?(?:number|no\\.?|nr\\.?|code))?|number|numbers|no\\.?|nr\\.?|num\\.?|code|ref(?:erence)?|#)`,
    '(?<![a-z])(?:mrn|emp ?#|ehr id|phn)',
    `(?<![a-z\u00df-\u024f])(?:${HOLDERS_DE})[ -]?(?:nummer|nr\\.?|id|kennung|zeichen)`,
    `(?<![a-z\u00df-\u024f])(?:${HOLDERS_NL})-?(?:nummer|nr\\.?|id)`,
    `(?<![a-z\u00df-\u024f])${NUMBER_ROMANCE} ?(?:de |del |della |do |da |du |di |d'|de l'|de la )?(?:${ROMANCE})`,
    '(?<![a-z\u00df-\u024f])(?:matricule|matricola|matrícula|prontuário|tarjeta sanitaria|carte vitale|cartão de cidadão)',
    '工号|(?:员工|雇员|职工|客户|会员|患者|病人|病历|病案|住院|门诊|就诊卡?|医保卡?|社保卡?|保单|学生|学籍|准考证|档案|合同|护照|驾驶证|驾照|军官证|证件)(?:编号|号码|号|id)|学号|户号',
  ].join('|')})`,
  'g',
);
/** What stands between a label and its number; a few words in parentheses too. */
const LINK =
  /^["'’`]?(?:\s?\([^()\n]{0,16}\))?(?:\s{0,3}(?:[:：=#|]|=>)|\s(?:is|was|ist|lautet|est|es|è|é|n[°º]))?\s{0,3}["'’`#]{0,2}$|^(?:是|为|為|：|:)\s?$/;
const REACH = 72;
const MAX_VALUE = 32;
const PART = /[A-Za-z0-9]/;

/** Where a value around a number begins and ends: letters, digits and the signs that join them. */
function extent(text: string, token: Token): { start: number; end: number } {
  let { start, end } = token;
  while (start > 0 && token.start - start < MAX_VALUE && isPart(text, start - 1, -1)) start--;
  while (end < text.length && end - token.end < MAX_VALUE && isPart(text, end, 1)) end++;
  return { start, end };
}

function isPart(text: string, index: number, step: 1 | -1): boolean {
  const letter = text.charAt(index);
  return PART.test(letter) || (/[-/._]/.test(letter) && PART.test(text.charAt(index + step)));
}

/** The label right before `start`, if any: the last one in reach, with nothing but a link behind it. */
function isLabelled(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - REACH), start).toLowerCase();
  // matchAll would copy the pattern each time, which costs more than the search.
  LABEL.lastIndex = 0;
  for (let match = LABEL.exec(before); match !== null; match = LABEL.exec(before)) {
    if (LINK.test(before.slice(match.index + match[0].length))) return true;
  }
  return false;
}

export const LABELLED_IDS: Recognizer = {
  name: 'labelled-id',
  entities: ['ID_NUMBER'],
  find({ text, tokens }) {
    const spans: Span[] = [];
    let behind = 0;
    for (const token of tokens) {
      if (token.start < behind) continue;
      const { start, end } = extent(text, token);
      const digits = text.slice(start, end).replace(/\D/g, '').length;
      behind = end;
      if (end - start < 4 || end - start > MAX_VALUE || digits < 3) continue;
      if (!isLabelled(text, start)) continue;
      spans.push({
        start,
        end,
        entity: 'ID_NUMBER',
        score: 0.65,
        recognizer: 'labelled-id',
        validated: false,
      });
    }
    return spans;
  },
};
