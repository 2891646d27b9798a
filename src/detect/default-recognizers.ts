import { createIdRecognizer } from './id-rules.ts';
import { type Recognizer } from './recognizer.ts';
import { ADDRESSES } from './recognizers/address.ts';
import { AGES } from './recognizers/age.ts';
import { BIRTH_DATES } from './recognizers/birth.ts';
import { CARD_NUMBERS } from './recognizers/card.ts';
import { CHINESE_PLATES } from './recognizers/china.ts';
import { CRYPTO } from './recognizers/crypto-address.ts';
import { EMAIL } from './recognizers/email.ts';
import { GPS } from './recognizers/gps.ts';
import { IBAN } from './recognizers/iban.ts';
import { ISSUED_IDS } from './recognizers/issued-ids.ts';
import { LABELLED_IDS } from './recognizers/labelled-id.ts';
import { NAMED_PERSONS } from './recognizers/named-person.ts';
import { IP, MAC_ADDRESS } from './recognizers/network.ts';
import { PASSWORDS } from './recognizers/password.ts';
import { createPhoneRecognizer } from './recognizers/phone.ts';
import { SECRETS } from './recognizers/secret.ts';
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
    createIdRecognizer('ids', [...CARD_NUMBERS, ...ISSUED_IDS]),
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
    NAMED_PERSONS,
    SECRETS,
    PASSWORDS,
    LABELLED_IDS,
    USERNAMES,
  ];
}
