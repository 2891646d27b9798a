import { createIdRecognizer } from './id-rules.ts';
import { type Recognizer } from './recognizer.ts';
import { ADDRESSES } from './recognizers/address.ts';
import { AGES } from './recognizers/age.ts';
import { ASIA_PACIFIC } from './recognizers/asia-pacific.ts';
import { BIRTH_DATES } from './recognizers/birth.ts';
import { BRAZIL } from './recognizers/brazil.ts';
import { CARD_NUMBERS } from './recognizers/card.ts';
import { CHINA, CHINESE_PLATES } from './recognizers/china.ts';
import { CRYPTO } from './recognizers/crypto-address.ts';
import { DEVICES } from './recognizers/devices.ts';
import { EMAIL } from './recognizers/email.ts';
import { EU_VAT } from './recognizers/eu-vat.ts';
import { EUROPE } from './recognizers/europe.ts';
import { GPS } from './recognizers/gps.ts';
import { IBAN } from './recognizers/iban.ts';
import { LABELLED_IDS } from './recognizers/labelled-id.ts';
import { IP, MAC_ADDRESS } from './recognizers/network.ts';
import { PASSWORDS } from './recognizers/password.ts';
import { createPhoneRecognizer } from './recognizers/phone.ts';
import { SECRETS } from './recognizers/secret.ts';
import { UNITED_KINGDOM } from './recognizers/united-kingdom.ts';
import { UNITED_STATES } from './recognizers/united-states.ts';
import { URL_WITH_IDENTITY } from './recognizers/url.ts';
import { USERNAMES } from './recognizers/username.ts';

/**
 * Every recogniser Cordon ships. `phoneRegions`: ISO 3166 codes whose national phone numbers are looked for, the
 * likeliest first; a RangeError names no code that is not one.
 */
export function defaultRecognizers(options: {
  readonly phoneRegions: readonly string[];
}): readonly Recognizer[] {
  return [
    createIdRecognizer('ids', [
      ...CARD_NUMBERS,
      ...UNITED_STATES,
      ...UNITED_KINGDOM,
      ...EU_VAT,
      ...EUROPE,
      ...ASIA_PACIFIC,
      ...BRAZIL,
      ...CHINA,
      ...DEVICES,
    ]),
    createPhoneRecognizer(options.phoneRegions),
    EMAIL,
    IBAN,
    IP,
    MAC_ADDRESS,
    URL_WITH_IDENTITY,
    CRYPTO,
    GPS,
    CHINESE_PLATES,
    BIRTH_DATES,
    AGES,
    ADDRESSES,
    SECRETS,
    PASSWORDS,
    LABELLED_IDS,
    USERNAMES,
  ];
}
