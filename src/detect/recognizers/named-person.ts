import { type Span } from '../../domain/span.ts';
import { type Recognizer } from '../recognizer.ts';
import { inAllCases } from './address-parts.ts';
import { CHINESE_TITLE_HINT, chineseNames } from './named-person-chinese.ts';

/**
 * People whom a form of address or a form's label announces: `Frau Dr. Ohlsen`, `Sig.ra Bo`, `Patient: Kim Doe`,
 * `陈女士`. The model finds most of them too; what is written so plainly must not hang on how a surname is spelled.
 */

const LETTER = '[\\p{L}\\p{M}]';
const PART = `(?:\\p{Lu}\\.(?: ?\\p{Lu}\\.){0,2}|\\p{Lu}${LETTER}{1,24}(?:['’]\\p{L}{2,24})?(?:-\\p{Lu}${LETTER}{1,24}){0,2}|\\p{Lu}['’]\\p{Lu}${LETTER}{1,24})`;
const PARTICLE =
  "(?:d[aeiou]s?|del|della|dello|dei|degli|d'|d’|l'|la|le|von|van|vom|zu|zum|zur|der|den|de la|von der|van der|van den|van de|ter|ten|'t|af|al|bin|ben|y|e)";
/** A name may begin with fewer of them: `Herr der Ringe`, `Monsieur le Maire`. */
const FIRST = "(?:von|van|vom|zu|de|du|del|della|dello|degli|di|da|dos|das|al|ter|ten|'t|el)";
const NAME = `(?:(?:${FIRST} )(?:${PARTICLE} )?|d['’])?${PART}(?: (?:${PARTICLE} ){0,2}${PART}){0,3}`;

/** Those that are a word of its own elsewhere (`M.`, `D.`, `Don`) ask for a capital and a following name, like all. */
const TITLES = [
  'Mr\\.?|Mrs\\.?|Ms\\.?|Miss|Mx\\.?|Sir|Dr\\.?|Prof\\.?|Professor|Rev\\.?|Sgt\\.?|Capt\\.?',
  'Herrn?|Frau|Hr\\.|Hrn\\.',
  'Monsieur|Madame|Mademoiselle|MM?\\.|Mmes?|Mlles?|Maître|Docteur|Dre',
  'Sra?\\.|Srta\\.|Señora?|Señorita|Don|Doña|Dra\\.|Lic\\.',
  'Sig\\.(?: ?ra|na)?|Sig\\.ra|Sigg\\.|Signora?|Signorina|Dott\\.(?:ssa)?|Dottor|Dottoressa|Avv\\.|Geom\\.|Rag\\.|Prof\\.ssa',
  '[Mm]eneer|[Mm]evrouw|[Dd]hr\\.?|[Mm]w\\.?|[Mm]evr\\.?|[Dd]e heer|[Mm]ejuffrouw|[Dd]rs\\.|[Mm]r\\.',
  'Senhora?|Dona|Sr\\.ª|Dr\\.ª|Profa?\\.|Exmo\\. Sr\\.|Exma\\. Sra\\.',
  'señora?|doña|señorita|signora|signor|dottor|dottoressa|madame|monsieur|senhora?|dona',
].join('|');
const MORE_TITLES =
  '(?:(?:Dr\\.?|Prof\\.?|Dra\\.|Dre|Dott\\.(?:ssa)?|Avv\\.|Ing\\.|med\\.|Dipl\\.-Ing\\.|Mag\\.|ir\\.|drs\\.|mr\\.|Dres\\.) ?){0,3}';
const TITLED = new RegExp(
  `(?<![\\p{L}\\p{N}.@])(?:${TITLES})(?: |(?<=\\.)) ?${MORE_TITLES}(?<name>${NAME})(?!\\p{L})`,
  'gu',
);

/** `Patient: …`, `"first_name": "…"`: what names a person and nothing else; the value must be all there is. */
const LABELS = inAllCases(
  (
    'full[ _]?name;first[ _]?name;last[ _]?name;given[ _]?name;family[ _]?name;middle[ _]?name;surname;' +
    'patient(?: name)?;customer(?: name)?;employee(?: name)?;tenant;landlord;attendee;beneficiary;next of kin;' +
    'emergency contact;signatory;cardholder;account holder;applicant;insured;claimant;plaintiff;defendant;' +
    'witness;vorname;nachname;familienname;zuname;ansprechpartner(?:in)?;sachbearbeiter(?:in)?;patient(?:in)?;' +
    'kund(?:e|in);mieter(?:in)?;vermieter(?:in)?;kontoinhaber(?:in)?;empfänger(?:in)?;zeug(?:e|in);kläger(?:in)?;' +
    'versicherungsnehmer(?:in)?;name, vorname;vor- und nachname;nom;prénom;nom et prénom;nom de famille;' +
    'locataire;titulaire;bénéficiaire;destinataire;assurée?;interlocut(?:eur|rice);nombre y apellidos;' +
    'apellidos?;apellidos y nombre;nombre completo;paciente;titular;inquilin[oa];destinatari[oa];asegurad[oa];' +
    'beneficiari[oa];cognome;nome e cognome;cognome e nome;paziente;intestatari[oa];inquilin[oa];assicurat[oa];' +
    'voornaam;achternaam;patiënt;klant;huurder;verhuurder;rekeninghouder;ontvanger;begunstigde;contactpersoon;' +
    'verzekerde;nome completo;sobrenome;apelido;favorecid[oa];segurad[oa];locatári[oa];destinatári[oa];' +
    'beneficiári[oa];firstName;lastName;fullName;givenName;familyName;patientName;customerName'
  ).split(';'),
);
const LABELLED = new RegExp(
  `(?<![\\p{L}\\p{N}_-])(?:${LABELS})["'\`]?(?:\\([aein/]{1,3}\\))? ?[:=] ?["'\`]?(?<name>${PART}(?: ${PART})?, (?!T[eé]l|Phone|E?-?[Mm]ail|Fax|Handy|Mobil|Cell|Adres|Dire[cz]|Indir|Age|DOB|Born|Geb)${PART}(?: ${PART})?|${NAME})(?=["'\`)\\]}|;,<]| ?(?:[(\\n\\t]|$)|  )`,
  'gu',
);
/** `Kim Doe <kim@…>` in the head of a mail, in a log, in a commit. */
const MAILING = new RegExp(
  `(?<![\\p{L}\\p{N}.@'’-])(?<name>${NAME}|${PART}, ${PART})["']? ?<(?=[A-Za-z0-9._%+-]{1,64}@)`,
  'gu',
);
const CLOSINGS = [
  '(?:Best|Kind|Warm|Warmest|Kindest) [Rr]egards|Regards|Sincerely(?: yours)?|Yours (?:truly|sincerely|faithfully)|Many thanks|Cheers|Best wishes|All the best',
  '(?:Mit )?(?:freundliche[nm]?|beste[nm]?|viele[nm]?|liebe[nm]?|herzliche[nm]?|schöne[nm]?) Gr(?:üßen?|uß|uss|üssen?)|(?:Freundliche|Beste|Viele|Liebe|Herzliche|Schöne) Gr(?:üße|üsse)|MfG|LG|VG|Hochachtungsvoll',
  'Cordialement|Bien (?:cordialement|à vous)|Amicalement|Sincères salutations|Bises',
  'Atentamente|Un (?:cordial )?saludo|Saludos(?: cordiales)?|Un abrazo',
  '(?:Cordiali|Distinti) saluti|Cordialmente|Un (?:caro )?saluto|Un abbraccio',
  '(?:Met )?(?:[Vv]riendelijke|[Hh]artelijke) groet(?:en)?|Groet(?:en|jes)?|Hoogachtend',
  'Atenciosamente|Cordialmente|(?:Com os )?[Mm]elhores cumprimentos|Cumprimentos|(?:Um )?[Aa]braços?',
].join('|');
/** What stands alone on the line below them. */
const SIGNED = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${CLOSINGS})[,.!]?[ \\t]?\\n\\s{0,4}(?<name>${NAME})(?=[ \\t]?(?:\\n|$|[|,(]))`,
  'gu',
);
/** Who signs and writes without being somebody. */
const A_GROUP =
  /(?<!\p{L})(?:teams?|support|service|services|kundenservice|newsletter|notifications?|sales|office|info|admin|bot|customer|help|desk|vertrieb|the|your|ihr|ihre|das|die|der|votre|vuestro|su|il|het|uw|jullie|sua|seu|management|gmbh|inc|ltd|group|university|company)(?!\p{L})/iu;
/** Said to people and of people, without being their name. */
const NOT_A_NAME =
  /^(?:Doktor(?:in)?|Professor(?:in)?|Präsident(?:in)?|Kolleg(?:e|in)|Direktor(?:in)?|Minister(?:in)?|Bürgermeister(?:in)?|Nachbar(?:in)?|Mutter|Vater|Gott|Ober|Lehrer(?:in)?|Richter(?:in)?|Vorsitzender?|Rechtsanw\p{L}+|President|Chairman|Speaker|Secretary|Ambassador|Mayor|Minister|Président|Présidente|Directeur|Directrice|Maire|Juge|Ministre|Presidente|Presidenta|Director|Directora|Alcalde|Juez|Ministra?o?|Direttore|Direttrice|Sindaco|Giudice|Burgemeester|Voorzitter|Prefeito|Diretora?|Juiz|Unknown|None|Null|N|Tba|Tbd|True|False|String|Text|Varchar|Int|Required|Optional|Right|Quijote|Who|Martens|Pepper|Soc|Software|Engineers?|Developers?|Managers?|Analysts?|Data|Product|Project|Business|Accounts?|Sales|Marketing|Designers?|Architects?|Consultants?|Vice|Associates?|Executive|Staff|Lead|Technical|Systems?|DevOps|Accountants?|Specialists?|Program|Operations|Research|Scientists?|QA|UX|Frontend|Backend|Full|Web|Cloud|Security|Network|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Universe|Sc|Phil|Ed|Eng|Res|Mr|Mrs|Ms|Dr|Prof|Herr|Frau|Name|Vorname|Nachname|Unbekannt|Siehe|See|Keine?|Nein|Ja|Yes|No)(?![\p{L}])/iu;

export const NAMED_PERSONS: Recognizer = {
  name: 'named-person',
  entities: ['PERSON'],
  find({ text }) {
    const groups = [...text.matchAll(MAILING), ...text.matchAll(SIGNED)].filter(
      (match) => !A_GROUP.test(match.groups?.['name'] ?? ''),
    );
    const spans = [...text.matchAll(TITLED), ...text.matchAll(LABELLED), ...groups].flatMap((match) =>
      latin(match),
    );
    if (CHINESE_TITLE_HINT.test(text)) {
      for (const { start, end } of chineseNames(text)) spans.push(person(start, end));
    }
    return spans;
  },
};

function latin(match: RegExpMatchArray): Span[] {
  const name = match.groups?.['name'] ?? '';
  if (NOT_A_NAME.test(name) || !/\p{L}{2}/u.test(name)) return [];
  const start = (match.index ?? 0) + match[0].lastIndexOf(name);
  return [person(start, start + name.length)];
}

function person(start: number, end: number): Span {
  return { start, end, entity: 'PERSON', score: 0.75, recognizer: 'named-person', validated: false };
}
