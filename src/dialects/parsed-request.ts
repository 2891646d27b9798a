import { type ParsedRequest } from './dialect.ts';
import { rebuilt } from './json-document.ts';
import { type Shape } from './shape.ts';
import { collectSlots } from './slot-collector.ts';

/** A request read along its shape. `asksForJson` says whether what stands at a structural place asks for JSON. */
export function parseAlong(
  source: string,
  shape: Shape,
  asksForJson: (pointer: string, value: string | boolean) => boolean,
): ParsedRequest {
  let model = '';
  let stream = false;
  let answer: ParsedRequest['answer'] = 'text';
  const { document, slots, structural, opaque } = collectSlots(source, shape, (pointer, value) => {
    if (pointer === '/model') model = String(value);
    else if (pointer === '/stream' && typeof value === 'boolean') stream = value;
    else if (asksForJson(pointer, value)) answer = 'json';
  });
  return {
    model,
    stream,
    answer,
    slots,
    structural,
    opaque,
    build(texts) {
      if (texts.length !== slots.length) throw new TypeError('build needs one text for each slot');
      return rebuilt(document, (index) => {
        const slot = slots[index];
        const text = texts[index];
        if (slot === undefined || text === undefined || text === slot.text) return undefined;
        if (slot.kind === 'fixed') throw new TypeError('a fixed slot cannot change');
        return text;
      });
    },
  };
}
