import { type Span } from '../domain/span.ts';
import { isTerm } from './ner/terms.ts';

const LETTERS = '[\\p{L}\\p{M}]{2,20}';
/** `Ana: hi`, `[10:02] Ana Ruiz: hi`, `- ana : hi`: a line that somebody says; `who` is the label. */
const LINE = new RegExp(
  `^[ \\t>*•-]{0,4}(?:\\[[^\\]\\n]{1,24}\\][ \\t]?|\\d{1,2}[:.]\\d{2}(?:[:.]\\d{2})?[ \\t-]{0,3})?(?<who>${LETTERS}(?:[ '’-]${LETTERS}){0,2})[ \\t\\u00a0]?[:：][ \\t]?(?=\\S)`,
  'dgmu',
);
/** Who speaks without being named. */
const ROLES =
  /^(?:user|assistant|system|agent|bot|ai|human|customer|client|caller|operator|support|doctor|nurse|patient|judge|interviewer|interviewee|question|answer|speaker|host|guest|me|you|kunde|kundin|anrufer(?:in)?|berater(?:in)?|mitarbeiter(?:in)?|arzt|ärztin|frage|antwort|ich|du|nutzer(?:in)?|system|cliente?|clienta|agente|operatore|operatrice|utente|usuari[oa]|utilisateur|conseill(?:er|ère)|moi|toi|question|réponse|pregunta|respuesta|domanda|risposta|pergunta|resposta|yo|io|eu|tu|atendente|klant|medewerker|vraag|antwoord|ik|jij|用户|客服|客户|坐席|系统|助手|医生|患者|护士|问|答|老师|学生|我|你|甲|乙|甲方|乙方)$/iu;
const MIN_SCORE = 0.5;
/** A longer list of lines than this is a log. */
const MAX_LINES = 2000;

interface Line {
  readonly who: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Whoever speaks in a dialogue in which the model has recognised one of the speakers: alone at the head of a line a
 * name has no sentence to be known by. In a dialogue some lines begin alike, for a form's
 * fields do not come twice; or all of the text is such lines, and most of them have sentences.
 */
export function findSpeakers(text: string, found: readonly Span[]): Span[] {
  const persons = new Map(
    found
      .filter(({ entity, score }) => entity === 'PERSON' && score >= MIN_SCORE)
      .map(({ start, end }) => [start, end] as const),
  );
  if (persons.size === 0) return [];
  const lines: Line[] = [];
  for (const match of text.matchAll(LINE)) {
    const [start, end] = match.indices?.groups?.['who'] ?? [0, 0];
    lines.push({ who: text.slice(start, end).toLowerCase(), start, end });
    if (lines.length > MAX_LINES) return [];
  }
  const names = new Set(lines.map(({ who }) => who));
  if (names.size < 2 || (names.size === lines.length && !isTalk(text, lines))) return [];
  if (!lines.some(({ start, end }) => persons.get(start) === end)) return [];
  return lines
    .filter(({ who }) => !ROLES.test(who) && !isTerm(who))
    .map(({ start, end }) => ({
      start,
      end,
      entity: 'PERSON',
      score: 0.6,
      recognizer: 'speaker',
      validated: false,
    }));
}

/** Nothing but labelled lines, most with three words or more behind the label. */
function isTalk(text: string, lines: readonly Line[]): boolean {
  const written = text.split('\n').filter((line) => line.trim() !== '').length;
  if (written > lines.length) return false;
  const said = lines.filter(({ end }) =>
    /^[^\n]*?\p{L}+[^\n\p{L}]+\p{L}+[^\n\p{L}]+\p{L}|^[^\n]*\p{Script=Han}{4}/u.test(
      text.slice(end, end + 80),
    ),
  );
  return lines.length === 2 || said.length * 2 > lines.length;
}
