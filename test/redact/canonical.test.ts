import test from 'ava';
import fc from 'fast-check';
import { canonicalValue } from '../../src/redact/canonical.ts';
import { maskOf } from '../../src/redact/mask.ts';

const canonical = (entity: string, value: string): string =>
  canonicalValue(entity, value, ['US', 'GB', 'CN']);

test('what means the same is the same, however it is printed', (t) => {
  for (const [entity, form, ...values] of [
    ['PHONE_NUMBER', '+12025550143', '+1 202-555-0143', '(202) 555-0143', '+1 (202) 555 0143'],
    ['PHONE_NUMBER', '+447700900123', '+44 7700 900123', '07700 900 123'],
    ['EMAIL_ADDRESS', 'maria@example.com', 'Maria@Example.COM', 'maria@example.com'],
    [
      'CREDIT_CARD',
      '4111111111111111',
      '4111 1111 1111 1111',
      '4111-1111-1111-1111',
      '４１１１１１１１１１１１１１１１',
    ],
    ['IBAN_CODE', 'GB82WEST12345698765432', 'GB82 WEST 1234 5698 7654 32', 'gb82west12345698765432'],
    ['US_SSN', '536904399', '536-90-4399', '536 90 4399'],
    ['CN_MOBILE', '13800138000', '138 0013 8000', '+86 13800138000', '13800138000'],
    ['PERSON', 'maria gonzalez', 'Maria  Gonzalez', 'MARIA GONZALEZ'],
  ] as const) {
    for (const value of values) t.is(canonical(entity, value), form);
  }
});

test('a secret is only itself', (t) => {
  for (const entity of ['SECRET', 'PASSWORD', 'URL']) t.is(canonical(entity, 'Ab -C'), 'Ab -C');
});

test('a mask shows four digits or a letter at most, and of secrets nothing', (t) => {
  for (const [entity, value, shown] of [
    ['CREDIT_CARD', '4111 1111 1111 1234', '[CREDIT_CARD ending 1234]'],
    ['IBAN_CODE', 'GB82 WEST 1234 5698 7654 32', '[IBAN_CODE ending 5432]'],
    ['PHONE_NUMBER', '+1 202-555-0143', '[PHONE_NUMBER ending 0143]'],
    ['PHONE_NUMBER', '555-0143', '[PHONE_NUMBER]'],
    ['PERSON', 'maria', '[PERSON m.]'],
    ['PERSON', 'Li', '[PERSON]'],
    ['PERSON', '王小明', '[PERSON]'],
    ['EMAIL_ADDRESS', 'maria@example.com', '[EMAIL_ADDRESS m.]'],
    ['US_SSN', '536-90-4399', '[US_SSN]'],
    ['SECRET', 'a-long-secret-value', '[SECRET]'],
  ] as const) {
    t.is(maskOf(entity, value), shown);
  }
  fc.assert(
    fc.property(
      fc.constantFrom('CREDIT_CARD', 'PERSON', 'US_SSN', 'URL'),
      fc.string({ unit: 'binary' }),
      (entity, value) => {
        t.regex(maskOf(entity, value), /^\[[A-Z_]+(?: ending .{4,8}| .{1,2}\.)?\]$/u);
      },
    ),
  );
});
