import { type TextSlot } from '../domain/call.ts';
import { type Form, formatForm, patternForm } from './declared-forms.ts';
import { type Arguments, ToolSchemas } from './tool-schemas.ts';

/** Where requests declare the schemas that a model's answer has to follow. */
const SCHEMA_PLACE =
  /^\/(?:tools|functions|response_format|text\/format|output_format|output_config|guided_json#?|json_schema|structured_outputs|format)\/.*\/(format|pattern)$/s;
/** Judgements of one call; beyond them values are handled as if nothing were declared, and arguments still checked. */
const MAX_JUDGEMENTS = 100_000;

/**
 * What a request's schemas (tools, response formats) declare of strings, by `format` and `pattern`. A value that has
 * such a form may stand where it is declared, in arguments that are sent back or in an answer that is asked for; so
 * what replaces it must have the form too.
 */
export class Demands {
  readonly #forms: readonly Form[];
  readonly #slots: readonly TextSlot[];
  #judgements = 0;

  constructor(slots: readonly TextSlot[]) {
    this.#slots = slots;
    const forms = new Map<string, Form | undefined>();
    for (const { pointer, text, kind } of slots) {
      const keyword = kind === 'identifier' ? undefined : SCHEMA_PLACE.exec(pointer)?.[1];
      if (keyword === undefined || forms.has(`${keyword} ${text}`)) continue;
      forms.set(`${keyword} ${text}`, keyword === 'format' ? formatForm(text) : patternForm(text));
    }
    this.#forms = [...forms.values()].filter((form) => form !== undefined);
  }

  /** Whether a replacement of this value has every declared form that the value has. */
  readonly on = (value: string): ((replacement: string) => boolean) => {
    const had = this.#forms.filter((form) => this.#judge(form, value));
    return (replacement) => had.every((form) => this.#judge(form, replacement));
  };

  /**
   * The first argument of a tool that had the form its schema declares and has it no longer, or of which that cannot be
   * told; `texts[i]` is what slot i became.
   */
  broken(texts: readonly string[]): TextSlot | undefined {
    let schemas: ToolSchemas | undefined;
    return this.#slots.find((slot, i) => {
      const text = texts[i];
      if (text === undefined || text === slot.text || slot.kind !== 'text') return false;
      schemas ??= new ToolSchemas(this.#slots, texts);
      const place = schemas.argumentAt(slot.pointer);
      return place !== undefined && isBroken(place, slot.text, text);
    });
  }

  #judge(form: Form, text: string): boolean {
    return this.#judgements++ < MAX_JUDGEMENTS && form(text) === true;
  }
}

function isBroken({ forms, choices }: Arguments, before: string, after: string): boolean {
  const lost = forms.some((form) => {
    const had = form(before);
    return had === undefined || (had && form(after) !== true);
  });
  return lost || choices.some(({ declared, sent }) => declared.has(before) && !sent.has(after));
}
