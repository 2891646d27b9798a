import { type OpaquePart, type TextSlot } from '../domain/call.ts';
import { CordonError } from '../domain/errors.ts';
import { childPointer } from '../domain/json.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Edit, type EditPlace, type JsonDocument } from './json-document.ts';
import { JsonReader, JsonSourceError, type JsonString } from './json-source.ts';
import { contentOpaque, opaquePart } from './opaque-part.ts';
import {
  FREE,
  PASTED,
  type ObjectShape,
  type Shape,
  type StringRule,
  type Structure,
  type TaggedShape,
} from './shape.ts';
import { readTextFile } from './text-file.ts';

/** What was seen at a structural place, for a dialect that needs to know the model or whether to stream. */
export type OnStructure = (pointer: string, value: string | boolean) => void;

export interface Collected {
  readonly document: JsonDocument;
  readonly slots: readonly TextSlot[];
  readonly structural: number;
  readonly opaque: readonly OpaquePart[];
}

const REQUEST_JSON = {
  maxDepth: LIMITS.jsonDepth,
  maxValues: 10 * LIMITS.slotsPerCall,
  loneSurrogates: 'refuse',
} as const;
/** Shorter numbers are no phone, card or identity number. */
const LONG_NUMBER = /^\D*(?:\d\D*){7}/;
const HIDDEN_LETTERS = /\\u[0-9a-fA-F]{4}/;
/** Names safe to repeat in an error (array places included); others may be what the caller wants kept secret. */
const PLAIN_STEP = /^[\w.$#-]{0,64}$/;

/** Walks a request along its shape. Throws `invalid_json`, `shape_unknown`, `content_opaque`, `payload_too_large`. */
export function collectSlots(source: string, shape: Shape, onStructure: OnStructure): Collected {
  const collector = new SlotCollector(onStructure);
  const edits: Edit[] = [];
  try {
    const reader = new JsonReader(source, REQUEST_JSON);
    collector.value(reader, shape, '', edits);
    reader.end();
  } catch (error) {
    if (!(error instanceof JsonSourceError)) throw error;
    if (error.reason === 'too_many_values') throw tooLarge();
    throw new CordonError('invalid_json', 'The body is not valid JSON.', { detail: error.message });
  }
  const { slots, structural, opaque } = collector;
  return { document: { source, edits }, slots, structural, opaque };
}

class SlotCollector {
  readonly slots: TextSlot[] = [];
  structural = 0;
  readonly opaque: OpaquePart[] = [];
  readonly #onStructure: OnStructure;

  constructor(onStructure: OnStructure) {
    this.#onStructure = onStructure;
  }

  value(reader: JsonReader, shape: Shape, pointer: string, edits: Edit[]): void {
    switch (reader.kind()) {
      case 'string':
        this.#string(reader.string(), known(shape.string, pointer), pointer, edits);
        break;
      case 'number':
        this.#number(reader, known(shape.number, pointer), pointer, edits);
        break;
      case 'boolean':
        known(shape.boolean, pointer);
        this.#onStructure(pointer, reader.boolean());
        break;
      case 'null':
        known(shape.null, pointer);
        reader.null();
        break;
      case 'array':
        this.#array(reader, known(shape.array, pointer), pointer, edits);
        break;
      case 'object':
        this.#object(reader, known(shape.object, pointer), pointer, edits);
    }
  }

  #array(reader: JsonReader, shape: Shape, pointer: string, edits: Edit[]): void {
    reader.array((index) => {
      this.value(reader, shape, childPointer(pointer, index), edits);
    });
  }

  #object(reader: JsonReader, rule: ObjectShape | TaggedShape, pointer: string, edits: Edit[]): void {
    const shape = 'tag' in rule ? kindOf(reader, rule, pointer) : rule;
    const missing = new Set(shape.required);
    reader.object((key) => {
      missing.delete(key.value);
      const child = childPointer(pointer, key.value);
      const shapeOfKey = shape.keys.get(key.value);
      if (shapeOfKey !== undefined) {
        this.value(reader, shapeOfKey, child, edits);
        return;
      }
      if (shape.rest === undefined) throw unknownShape(child);
      this.#string(key, shape.rest.key, child, edits);
      this.value(reader, shape.rest.value, child, edits);
    });
    for (const key of missing) throw unknownShape(childPointer(pointer, key));
  }

  #string(string: JsonString, rule: StringRule, pointer: string, edits: Edit[]): void {
    if (typeof rule === 'object') this.#structure(string, rule, pointer, edits);
    else if (rule === 'json') this.#json(string, pointer, edits);
    else if (rule === 'prose') this.#prose(string, pointer, edits);
    else if (rule === 'opaque') throw opaque(pointer);
    else if (rule === 'attachment') this.#attach(string, pointer, edits);
    else if (rule === 'file') this.#file(string, pointer, edits);
    else this.#add(string, string.value, rule, pointer, edits);
  }

  #file(string: JsonString, pointer: string, edits: Edit[]): void {
    const file = readTextFile(string.value);
    if (file === undefined) this.#attach(string, pointer, edits);
    else this.#prose({ ...string, value: file.text, encode: file.encode }, `${pointer}#`, edits);
  }

  /** A name or an address says something, beside what it stands for, so it is looked at. */
  #attach(string: JsonString, pointer: string, edits: Edit[]): void {
    if (this.#note(string.value, pointer)) this.#add(string, string.value, 'fixed', pointer, edits);
  }

  /** Whether it is a name or an address of what cannot be read. */
  #note(value: string, pointer: string): boolean {
    if (this.opaque.length >= LIMITS.slotsPerCall) throw tooLarge();
    const { part, isName } = opaquePart(value, plain(pointer));
    this.opaque.push(part);
    return isName;
  }

  #structure(string: JsonString, rule: Structure, pointer: string, edits: Edit[]): void {
    if (rule.allows(string.value)) {
      this.#onStructure(pointer, string.value);
      if (rule.borrowed === true) this.#note(string.value, pointer);
      if (rule.chosen) this.#add(string, string.value, 'fixed', pointer, edits);
      else this.structural++;
    } else if (rule.otherwise === 'fixed') this.#add(string, string.value, 'fixed', pointer, edits);
    else if (rule.otherwise === 'opaque') throw opaque(pointer);
    else throw unknownShape(pointer);
  }

  #number(reader: JsonReader, rule: 'fixed' | 'text' | 'opaque', pointer: string, edits: Edit[]): void {
    if (rule === 'opaque') throw opaque(pointer);
    const range = reader.number();
    const digits = reader.source.slice(range.start, range.end);
    if (LONG_NUMBER.test(digits)) this.#add(range, digits, rule, pointer, edits);
  }

  /** Arguments cut off by a token limit are no JSON and still text, unless their escapes hide what they say. */
  #json(string: JsonString, pointer: string, edits: Edit[]): void {
    if (this.#inner(string, FREE, pointer, edits)) return;
    if (HIDDEN_LETTERS.test(string.value)) throw opaque(pointer);
    this.#add(string, string.value, 'text', pointer, edits);
  }

  /** Tool results are often JSON in which a library wrote `Jos\u00e9`: as plain text no recogniser would know him. */
  #prose(string: JsonString & EditPlace, pointer: string, edits: Edit[]): void {
    const pasted = /^\s*[{[]/.test(string.value) && HIDDEN_LETTERS.test(string.value);
    if (pasted && this.#inner(string, PASTED, pointer, edits)) return;
    this.#add(string, string.value, 'text', pointer, edits);
  }

  /** False, and nothing collected, when the string holds no JSON. */
  #inner(string: JsonString & EditPlace, shape: Shape, pointer: string, edits: Edit[]): boolean {
    const before = { slots: this.slots.length, structural: this.structural, opaque: this.opaque.length };
    const inner: Edit[] = [];
    try {
      const reader = new JsonReader(string.value, REQUEST_JSON);
      this.value(reader, shape, `${pointer}#`, inner);
      reader.end();
    } catch (error) {
      if (!(error instanceof JsonSourceError)) throw error;
      this.slots.length = before.slots;
      this.structural = before.structural;
      this.opaque.length = before.opaque;
      return false;
    }
    // JSON without a text in it is accounted for as well.
    if (this.slots.length === before.slots) this.structural++;
    edits.push({ ...placeOf(string), inner: { source: string.value, edits: inner } });
    return true;
  }

  #add(at: EditPlace, text: string, kind: TextSlot['kind'], pointer: string, edits: Edit[]): void {
    if (this.slots.length >= LIMITS.slotsPerCall) {
      throw tooLarge();
    }
    edits.push({ ...placeOf(at), slot: this.slots.length });
    this.slots.push({ pointer, text, kind });
  }
}

/** The rule for what stands at a place; a kind the shape does not name is refused. */
function known<T>(rule: T | undefined, pointer: string): T {
  if (rule === undefined) throw unknownShape(pointer);
  return rule;
}

function kindOf(reader: JsonReader, { tag, kinds, untagged }: TaggedShape, pointer: string): ObjectShape {
  const kind = reader.peekString(tag);
  const shape = kind === undefined ? untagged : kinds.get(kind);
  if (shape === undefined) throw unknownShape(childPointer(pointer, tag));
  return 'tag' in shape ? kindOf(reader, shape, pointer) : shape;
}

function placeOf({ start, end, encode }: EditPlace): EditPlace {
  return encode === undefined ? { start, end } : { start, end, encode };
}

function tooLarge(): CordonError {
  return new CordonError('payload_too_large', 'The request has too many separate parts.');
}

function unknownShape(pointer: string): CordonError {
  return new CordonError('shape_unknown', 'A part of the request has a shape this endpoint does not know.', {
    param: plain(pointer),
  });
}

function opaque(pointer: string): CordonError {
  return contentOpaque(plain(pointer));
}

/** The pointer, up to the first name that could be more than a name. */
function plain(pointer: string): string {
  const steps = pointer.split('/');
  const secret = steps.findIndex((step) => !PLAIN_STEP.test(step));
  return secret === -1 ? pointer : steps.slice(0, secret).join('/');
}
