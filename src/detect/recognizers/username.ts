import { type Span } from '../../domain/span.ts';
import { type Recognizer } from '../recognizer.ts';

/** `username: jdoe`, `"login": "jdoe"`, `user=jdoe`, `用户名：…`; a bare `user:` begins a line of every chat log. */
const LABELLED =
  /(?:(?<![A-Za-z])(?:user[ _-]?name|user[ _-]?id|login(?:[ _-]?name)?|screen[ _-]?name|benutzername|nutzername|nom d'utilisateur|nombre de usuario|nome utente|gebruikersnaam|nome de (?:utilizador|usuário))|用户名|用戶名|登录名|微信号|微信號)["'`]?(?:\s{0,2}(?::|=|：)\s{0,2}| (?:is|ist|est|es|è|é) |是|为)["'`]?(?<value>@?[A-Za-z0-9_][A-Za-z0-9._-]{1,30}[A-Za-z0-9_])|(?<=[?&;\s"'{,])(?:user|uid)["']?(?:=|":\s?)"?(?<plain>[A-Za-z_][A-Za-z0-9._-]{1,30}[A-Za-z0-9_])/giu;
/** Handles look like decorators and package scopes, so a network must be named right before. */
const HANDLE =
  /(?<![\w.@/])(?:twitter|x\.com|instagram|insta|ig|tiktok|telegram|mastodon|threads|bluesky|snapchat|discord|github|handle|follow(?: me)?(?: on \w+)?|dm|微博)(?: (?:is|handle|at|me at|user(?:name)?|account|profile))?[\s:=(]{1,3}(?<value>@[A-Za-z0-9_][A-Za-z0-9_.]{1,29}[A-Za-z0-9_])/giu;
const HAS_LABEL = /user|login|screen|nutzer|utilis|utente|gebruiker|utiliz|usuári|usuario|名|微信|uid|@/i;
/** Roles, types and samples: names of nobody. */
const NOBODY =
  /^(?:(?:super|sys)?(?:admin(?:istrator)?|root|user|users|guest|test|tester|demo|example|sample|anonymous|nobody|system|service|default|public|postgres|mysql|oracle|sa|ubuntu|ec2-user|git|www-data|none|null|nil|undefined|true|false|str|string|text|varchar|int|integer|bigint|uuid|required|optional|unique|email|password|id|name|username|login|form|page|button|self|this|req|request|args|params|config|env|input|data)\d{0,3}|your.*|my[_-]?user.*|user[_-]?(?:name|id).*|(?:self|this|req|request|args|params|config|env|os|process|input|data|form|user|session|ctx|data)[.[(].*|\w+\(.*|\d{1,3})$/i;

export const USERNAMES: Recognizer = {
  name: 'username',
  entities: ['USERNAME'],
  find({ text }) {
    if (!HAS_LABEL.test(text)) return [];
    return [...text.matchAll(LABELLED), ...(text.includes('@') ? text.matchAll(HANDLE) : [])].flatMap(
      (match) => {
        const value = match.groups?.['value'] ?? match.groups?.['plain'] ?? '';
        const end = match.index + match[0].length;
        return NOBODY.test(value) || isCode(text, end) ? [] : [username(end - value.length, end)];
      },
    );
  },
};

/** A call, a member or a longer word: the value is an expression. */
function isCode(text: string, end: number): boolean {
  return /^(?:[\w([@]|\.\w)/.test(text.slice(end, end + 2));
}

function username(start: number, end: number): Span {
  return { start, end, entity: 'USERNAME', score: 0.65, recognizer: 'username', validated: false };
}
