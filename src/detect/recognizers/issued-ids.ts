import { type IdRule } from '../id-rules.ts';
import { ASIA_PACIFIC } from './asia-pacific.ts';
import { BRAZIL } from './brazil.ts';
import { CHINA } from './china.ts';
import { DEVICES } from './devices.ts';
import { EU_VAT } from './eu-vat.ts';
import { EUROPE } from './europe.ts';
import { UNITED_KINGDOM } from './united-kingdom.ts';
import { UNITED_STATES } from './united-states.ts';

/** Every kind of identifier but payment cards; of equal matches the first counts. */
export const ISSUED_IDS: readonly IdRule[] = [
  ...UNITED_STATES,
  ...UNITED_KINGDOM,
  ...EU_VAT,
  ...EUROPE,
  ...ASIA_PACIFIC,
  ...BRAZIL,
  ...CHINA,
  ...DEVICES,
];
