import { type Span } from '../domain/span.ts';
import { NAMED_STREET, NUMBERED } from './recognizers/address-european.ts';

const BEFORE = 64;
const MAX_PLACE = 80;
const SCORE = 0.6;

/**
 * Addresses that only their town shows to be some: names, a house number and a place that the model has found
 * (`Boomberg 19, Hilversum`). In the Netherlands above all many streets end in no word for a street. Every window is
 * bounded, so the cost is linear in the number of places.
 */
export function findStreets(text: string, found: readonly Span[]): Span[] {
  return found.flatMap(({ entity, start, end }) => {
    if (entity !== 'LOCATION' || end - start > MAX_PLACE) return [];
    const from = Math.max(0, start - BEFORE);
    const match = NAMED_STREET.exec(text.slice(from, end));
    const { street = '', town = '' } = match?.groups ?? {};
    // The place is the town or ends with it; a number behind the town is somebody else's.
    if (match === null || from + match.index >= end - town.length || NUMBERED.test(street)) return [];
    return [
      {
        start: from + match.index,
        end,
        entity: 'ADDRESS',
        score: SCORE,
        recognizer: 'street',
        validated: false,
      },
    ];
  });
}
