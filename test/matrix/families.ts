import { PLANTED } from '../support/planted.ts';

// Joined at run time: scanners of repositories must not take a fixture for a leak.
const SECRET = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');

/** A value of each entity family, in a sentence that says what it is and as it fits where no sentence does. */
export interface Family {
  readonly value: string;
  readonly sentence: string;
  /** The shortest in which it is known, for places where no sentence fits. */
  readonly compact: string;
  /** False for what is masked for good. */
  readonly restored: boolean;
}

function family(value: string, sentence: string, compact = sentence, restored = true): Family {
  return { value, sentence, compact, restored };
}

export const FAMILIES: Readonly<Record<string, Family>> = {
  person: family(PLANTED.person, `Hello, I am ${PLANTED.person}.`),
  email: family(PLANTED.email, `Mail me at ${PLANTED.email}.`, PLANTED.email),
  phone: family(PLANTED.phone, `Call me at ${PLANTED.phone}.`, '+12025550143'),
  card: family(PLANTED.card, `My credit card is ${PLANTED.card}.`, '4111111111111111'),
  iban: family(PLANTED.iban, `My account is ${PLANTED.iban}.`, 'GB82WEST12345698765432'),
  ssn: family(PLANTED.ssn, `My social security number is ${PLANTED.ssn}.`, PLANTED.ssn),
  ip: family('198.51.100.23', 'My IP address is 198.51.100.23.', '198.51.100.23'),
  secret: family(SECRET, `My key is ${SECRET}.`, SECRET, false),
  cnPerson: family(PLANTED.cnPerson, `我叫${PLANTED.cnPerson}。`),
  cnId: family(PLANTED.cnId, `身份证号是${PLANTED.cnId}。`, PLANTED.cnId),
  cnMobile: family(PLANTED.cnMobile, `手机号${PLANTED.cnMobile}。`, PLANTED.cnMobile),
};

/** Every family at once. */
export const EVERY_FAMILY = Object.values(FAMILIES)
  .map(({ sentence }) => sentence)
  .join(' ');
/** The ways in which text hides in bytes: as it is, escaped as JSON or in an address, and in base64 at any offset. */
function spellings(value: string): readonly string[] {
  const escaped = Array.from(value, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return code < 0x80 ? letter : `\\u${code.toString(16).padStart(4, '0')}`;
  }).join('');
  const base64 = [0, 1, 2].map((offset) => {
    const bytes = Buffer.from('\0'.repeat(offset) + value);
    const whole = Math.floor(bytes.length / 3) * 3;
    return bytes.subarray(offset === 0 ? 0 : 3, whole).toString('base64');
  });
  return [value, escaped, encodeURIComponent(value), ...base64];
}

const SPELLED = Object.entries(FAMILIES).flatMap(([name, { value, compact }]) =>
  [value, compact].map((v) => ({ name, spellings: spellings(v) })),
);

/** Names of the families of which a value is in the bytes, however spelled. */
export function familiesIn(bytes: string): readonly string[] {
  const found = SPELLED.filter(({ spellings: all }) => all.some((one) => bytes.includes(one)));
  return [...new Set(found.map(({ name }) => name))];
}
