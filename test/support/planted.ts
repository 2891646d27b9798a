/**
 * Personal data that tests plant and then look for where it must not be. All reserved, fictional or test-only values
 * that nevertheless pass their checks, because validating recognisers rightly refuse the others.
 */
export const PLANTED = {
  email: 'maria.gonzalez@example.com',
  phone: '+1 202-555-0143',
  card: '4111 1111 1111 1111',
  iban: 'GB82 WEST 1234 5698 7654 32',
  ssn: '536-90-4399',
  cnId: '11010519491231002X',
  cnMobile: '13800138000',
  person: 'Maria Gonzalez',
  cnPerson: '王小明',
} as const;

export const ENGLISH_PROMPT =
  `Hello, I am ${PLANTED.person}. Mail me at ${PLANTED.email} or call ${PLANTED.phone}. ` +
  `My card is ${PLANTED.card}, my account ${PLANTED.iban} and my social security number is ${PLANTED.ssn}.`;

export const CHINESE_PROMPT = `我叫${PLANTED.cnPerson}，身份证号是${PLANTED.cnId}，手机号${PLANTED.cnMobile}，请帮我写一封邮件。`;

/** Every planted value that stands in `text` in clear. */
export function plantedIn(text: string): readonly string[] {
  return Object.values(PLANTED).filter((value) => text.includes(value));
}
