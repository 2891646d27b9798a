import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { type Draws } from './draws.ts';
import { type Generator, grouped } from './making.ts';

/**
 * Numbers kept for fiction, as they stand behind the country code; `#` is a digit. NANPA (555-01xx), Ofcom,
 * Bundesnetzagentur (Mitteilung 148/2021), Arcep, ACMA, PTS.
 */
const FICTION: Readonly<Record<string, readonly string[]>> = {
  US: ['20255501##', '31255501##', '41555501##', '61755501##', '20655501##', '51255501##', '40455501##'],
  CA: ['41655501##', '60455501##', '51455501##', '40355501##'],
  GB: ['7700900###', '2079460###', '1632960###', '1214960###', '1614960###'],
  DE: ['3023125###', '8999998###', '6990009###', '4066969###', '17139200##', '1760406900', '17604069###'],
  FR: ['63998####', '19900####', '26191####', '35301####', '46571####', '53649####'],
  AU: ['491570###', '255501###', '355501###', '755501###'],
  SE: ['7017406##', '8465004##', '313900###'],
};

/** Countries without a range for fiction: tries until the number could be one. */
const MAX_TRIES = 200;

/** Same country, kind and printing. National numbers are read as those of the first of `regions` where they are valid. */
export function createPhoneGenerator(regions: readonly string[]): Generator {
  const known = regions.filter((region): region is CountryCode => isSupportedCountry(region));
  return (value, { draws }) => {
    const extension = /,? ?(?:ext\.? ?|x ?|extension |durchwahl |转|分机)\d{1,6}$/i.exec(value)?.[0] ?? '';
    const printed = value.slice(0, value.length - extension.length);
    const number = parse(printed, known);
    const digits = printed.normalize('NFKC').replace(/\D/g, '');
    if (number === undefined || !digits.endsWith(number.national)) return undefined;
    const national = anotherNumber(number, draws);
    if (national === undefined) return undefined;
    const lead = digits.slice(0, digits.length - national.length);
    return grouped(value, lead + national + compactExtension(extension, draws));
  };
}

/** E.164, or undefined for what is no number of these regions. */
export function canonicalPhone(value: string, regions: readonly string[]): string | undefined {
  const known = regions.filter((region): region is CountryCode => isSupportedCountry(region));
  const number = parse(value, known);
  return number && `+${number.callingCode}${number.national}`;
}

interface Phone {
  readonly country: string | undefined;
  readonly callingCode: string;
  readonly national: string;
  readonly type: string | undefined;
}

function parse(value: string, regions: readonly CountryCode[]): Phone | undefined {
  const plain = value.normalize('NFKC');
  const candidates: readonly (CountryCode | undefined)[] = /^\s*\+/.test(plain) ? [undefined] : regions;
  for (const region of candidates) {
    const number = parsePhoneNumberFromString(plain, {
      extract: false,
      ...(region === undefined ? {} : { defaultCountry: region }),
    });
    if (number === undefined || (region !== undefined && !number.isValid() && !isDrama(number.number)))
      continue;
    const country = number.country ?? (number.countryCallingCode === '44' ? 'GB' : region);
    return {
      country,
      callingCode: number.countryCallingCode,
      national: number.nationalNumber,
      type: number.getType(),
    };
  }
  return undefined;
}

/** Ofcom's numbers for drama, which libphonenumber rightly calls nobody's. */
function isDrama(number: string): boolean {
  return /^\+44(?:7700900|1632960)\d{3}$/.test(number);
}

function anotherNumber({ country, callingCode, national, type }: Phone, draws: Draws): string | undefined {
  const fitting = (FICTION[country ?? ''] ?? []).filter((range) => range.length === national.length);
  // Mobile numbers begin alike, and unlike the others.
  const alike = fitting.filter((range) => range.startsWith(national.charAt(0)));
  const ranges = alike.length > 0 ? alike : fitting;
  const range = ranges[draws.int(Math.max(1, ranges.length))];
  if (range !== undefined) return range.replace(/#/g, () => draws.digits(1));
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const made = national.slice(0, 2) + draws.digits(national.length - 2);
    const parsed = parsePhoneNumberFromString(`+${callingCode}${made}`);
    if (parsed?.isValid() === true && parsed.getType() === type) return made;
  }
  return undefined;
}

function compactExtension(extension: string, draws: Draws): string {
  return Array.from(extension.matchAll(/[\p{L}\p{N}]/gu), ([unit]) =>
    /\d/.test(unit) ? draws.digits(1) : unit,
  ).join('');
}
