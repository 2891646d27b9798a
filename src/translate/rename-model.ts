import { spliced } from '../dialects/json-document.ts';
import { JsonReader, type JsonRange } from '../dialects/json-source.ts';
import { REQUEST_JSON } from './untranslatable.ts';

/** The request under another model's name; every other byte stays. */
export function renameModel(source: string, model: string): string {
  const reader = new JsonReader(source, REQUEST_JSON);
  let place: JsonRange | undefined;
  reader.object(({ value: name }) => {
    const range = reader.skip();
    if (name === 'model') place = range;
  });
  if (place === undefined) throw new TypeError('a request names its model');
  return spliced(source, [{ start: place.start, end: place.end, json: JSON.stringify(model) }]);
}
