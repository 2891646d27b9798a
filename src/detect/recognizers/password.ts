import { type Span } from '../../domain/span.ts';
import { type Recognizer } from '../recognizer.ts';

const WORDS =
  "pass(?:word|wd|phrase|code)|passwords|pwd|pw|pin(?: code| number)?|contraseña|mot[ _-]?de[ _-]?passe|mdp|palavra[ _-]passe|clave(?: de (?:acceso|usuario|paso))?|chiave d[i']accesso|passwort|kennwort|wachtwoord|senha|parola d'ordine|hasło|пароль|lösenord|密码|密碼|口令|パスワード|비밀번호";
/** What kind of password, and what for: `contraseña temporal`, `wachtwoord voor de wifi`. */
const QUALIFIER =
  "(?: (?:temporal|provisional|provisoire|temporaire|provvisoria|temporanea|provis[óo]ria|tempor[áa]ria|inicial|iniziale|initial|nueva|nuova|nova|nouveau|actual|attuale|atual|de (?:acceso|acesso)|d'acc(?:esso|ès))|(?: (?:del?|della|do|da|du|voor(?: de| het)?|für(?: das| den| die)?|for(?: the)?|of(?: the)?|per(?: il| la)?|para(?: o| a| el| la)?) \\p{L}[\\p{L}-]{1,15}))?";
/** `password: …`, `"pwd":"…"`, `PGPASSWORD=…`, `my password is …`, `密码是…`. */
const LABELLED = new RegExp(
  `(?<word>${WORDS})${QUALIFIER}["'\`]?(?<link>\\s{0,3}(?::|=|=>|:=)\\s{0,3}| (?:is|was|ist|lautet|luidt|es|est|c'est|è|é|är|jest):? ["'\`]?|[是为為は] ?)(?:(?<quote>["'\`“‘])(?<quoted>[^"'\`“”‘’\\n]{3,128})["'\`”’]|["'\`]?(?<bare>[^\\s"'\`“”‘’,;<>，。；]{3,128}))`,
  'giu',
);
/** `password Tr0ub4dor`, `PIN 4821`: with nothing between, only what no sentence goes on with. */
const UNLABELLED = new RegExp(
  `(?<![\\p{L}\\d])(?<word>${WORDS})(?<link>[ \\t]{1,3}|(?<=[码碼令])\\s{0,2})(?<quote>["'\`“‘])?(?![是为為は])(?<bare>[^\\s"'\`“”‘’,;:<>，。；：]{4,128})`,
  'giu',
);
/** Names of algorithms, versions, lengths and ordinals have letters and digits too. */
const TERM_WITH_DIGIT =
  /^(?:md[45]|sha-?\d{1,3}|base\d\d|utf-?\d+|bcrypt2?|argon2\w*|pbkdf2|oauth2?|[a-z]+v\d|v?\d+(?:\.\d+)*|\d+(?:st|nd|rd|th|-[a-z-]+|[a-z]{1,5})|[a-z]+-\d+|[a-z]+\d|web\d\w*|i18n|l10n|http2?|ipv[46]|\w+\(.*)$/i;
const HAS_WORD = new RegExp(WORDS, 'i');
/** What stands after `password:` in forms, schemas and code, without being one. */
const NOT_A_PASSWORD = new RegExp(
  `^(?:${[
    '\\*+|x+|\\.+|-+|_+',
    '\\[[a-z _-]*\\]?|\\{\\{.*|\\{[\\w.]*\\}?|\\([a-z _-]*\\)?|<[^>]*>?|\\$\\{.*|\\$\\(.*|\\$[A-Z_]+|%s|%\\(.*|%\\w+%',
    'null|none|nil|undefined|true|false|string|str|text|char|varchar|bytes?|int|integer|object|boolean|bool',
    'password|passwd|my_?password|your[_ -].*|required|optional|hidden|redacted|hash(?:ed)?|changeme|example|enter',
    'the|must|not|and|for|with|this|that|incorrect|wrong|invalid|correct|secure|protected|strong|weak|expired|too',
    '(?:self|this|os|process|env|config|request|req|params|args|options|user)[.[(].*',
  ].join('|')})$`,
  'i',
);

export const PASSWORDS: Recognizer = {
  name: 'password',
  entities: ['PASSWORD'],
  find(view) {
    const { text } = view;
    if (!HAS_WORD.test(text)) return [];
    return [
      ...Array.from(text.matchAll(LABELLED), valueOf),
      ...Array.from(text.matchAll(UNLABELLED), bareValueOf),
    ].filter((span) => span !== undefined);
  },
};

function bareValueOf(match: RegExpExecArray): Span | undefined {
  const { word = '', bare = '' } = match.groups ?? {};
  const value = bare.replace(/[.?)\]}、]+$/, '');
  if (NOT_A_PASSWORD.test(value) || TERM_WITH_DIGIT.test(value)) {
    // A PIN is nothing but digits, in capitals or beside its own word.
    if (!/^PIN|^pin (?:code|number)/.test(word) || !/^\d{4,6}$/.test(value)) return undefined;
  } else if (value.length < 6 || !/\d/.test(value) || !/\p{L}/u.test(value)) return undefined;
  const start = match.index + match[0].length - bare.length;
  return {
    start,
    end: start + value.length,
    entity: 'PASSWORD',
    score: 0.6,
    recognizer: 'password',
    validated: false,
  };
}

function valueOf(match: RegExpExecArray): Span | undefined {
  const { word = '', link = '', quote = '', quoted, bare } = match.groups ?? {};
  const trimmed = quoted ?? bare?.replace(/[.)\]}、]+$/, '') ?? '';
  if (trimmed.length < 3 || NOT_A_PASSWORD.test(trimmed)) return undefined;
  // `spin: fast` and `opinion: …`: the short words count only at the start of a word, or of a part like `PG_PIN`.
  if (/^(?:pin|pw)/i.test(word) && /\p{L}/u.test(match.input.charAt(match.index - 1))) return undefined;
  const pin = /^pin/i.test(word);
  if (pin && !/^\d{4,12}$/.test(trimmed)) return undefined;
  const assigned = /[:=]/.test(link);
  const mixed = /[^\p{L}\p{M}]/u.test(trimmed.slice(1));
  // After "is" ordinary words follow more often than passwords; in code an unquoted value is a name or a call.
  if (!mixed && (!assigned || quote === '') && !/\p{Script=Han}/u.test(word)) {
    if (!assigned || trimmed.length < 6 || /[a-z][A-Z]/.test(trimmed)) return undefined;
  }
  if (quote === '' && /^[\w.]+\(|^[a-z_]+(?:\.[a-z_]+)+$/i.test(trimmed)) return undefined;
  const start =
    match.index + match[0].length - (quoted === undefined ? (bare ?? '').length : quoted.length + 1);
  return {
    start,
    end: start + trimmed.length,
    entity: 'PASSWORD',
    score: mixed ? 0.85 : 0.6,
    recognizer: 'password',
    validated: false,
  };
}
