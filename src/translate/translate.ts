import { type Dialect } from '../dialects/dialect.ts';
import { type Vendor } from '../domain/runner.ts';
import { chatToMessages } from './chat-to-messages.ts';
import { messagesToChat } from './messages-to-chat.ts';
import { type Translated, type TranslationContext } from './translated.ts';
import { untranslatable } from './untranslatable.ts';

/** Whose endpoint a dialect is. */
export function vendorOf(dialect: Pick<Dialect, 'operation'>): Vendor {
  return dialect.operation === 'messages' ? 'anthropic' : 'openai';
}

/**
 * A protected request for a runner of the other kind. Chat completions and messages say the same things; the other
 * endpoints have no counterpart. Throws `untranslatable` with the place.
 */
export function translateRequest(
  dialect: Pick<Dialect, 'path'>,
  body: string,
  context: TranslationContext,
): Translated {
  if (dialect.path === '/chat/completions') return chatToMessages(body, context);
  if (dialect.path === '/messages') return messagesToChat(body, context);
  throw untranslatable('', 'calls at this endpoint');
}
