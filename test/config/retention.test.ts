import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';
import { checkRetention, RETENTION_PRESETS, retention, retentionTerms } from '../../src/config/retention.ts';

test('without a word records are kept for ever', (t) => {
  t.deepEqual(retentionTerms(retention.parse(undefined)), []);
});

test('a preset means its regulation’s period, and a longer one may be given', (t) => {
  const terms = (given: object) => retentionTerms(retention.parse(given));
  t.deepEqual(terms({ preset: 'hipaa' }), [{ tenant: '', days: 2_192, shredding: true }]);
  t.deepEqual(terms({ preset: 'pci', months: 24 }), [{ tenant: '', days: 744, shredding: true }]);
  t.deepEqual(terms({ preset: 'sec-17a-4', days: 3_000 }), [{ tenant: '', days: 3_000, shredding: false }]);
  t.deepEqual(terms({ preset: 'gdpr-minimal', tenants: { acme: { preset: 'pipl' }, none: {} } }), [
    { tenant: '', days: 90, shredding: true },
    { tenant: 'acme', days: 1_096, shredding: true },
  ]);
});

test('every preset refuses a day less than its regulation demands, and says which', (t) => {
  for (const [preset, { minDays, regulation }] of Object.entries(RETENTION_PRESETS)) {
    t.deepEqual(checkRetention(retention.parse({ preset, days: minDays })), []);
    if (minDays === 1) continue;
    for (const [given, at] of [
      [{ preset, days: minDays - 1 }, 'retention.days'],
      [{ preset, months: Math.ceil(minDays / 31) - 1 }, 'retention.months'],
    ] as const) {
      const [problem] = checkRetention(retention.parse(given));
      t.is(problem?.path, at);
      t.true(problem?.message.includes(regulation));
    }
    const [tenant] = checkRetention(retention.parse({ tenants: { acme: { preset, days: minDays - 1 } } }));
    t.is(tenant?.path, 'retention.tenants.acme.days');
  }
});

test('a start with too short a period, or with two, is refused', (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'cordon-test-'));
  t.teardown(() => {
    rmSync(directory, { recursive: true });
  });
  const load = (yaml: string) => () => {
    const file = path.join(directory, 'cordon.yaml');
    writeFileSync(file, yaml);
    return loadConfig({ CORDON_CONFIG: file });
  };
  t.throws(load('retention: { preset: hipaa, days: 365 }'), { instanceOf: ConfigError, message: /164\.316/ });
  t.throws(load('retention: { days: 365, months: 12 }'), { message: /two periods/ });
  t.throws(load('retention: { preset: gdpr }'), { instanceOf: ConfigError });
  t.throws(load('retention: { days: 0 }'), { instanceOf: ConfigError });
  t.notThrows(load('retention: { preset: ai-act, months: 6 }'));
});

test('so many months are never shorter than the calendar’s', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 240 }), (from, months) => {
      const calendar = (Date.UTC(2000, from + months, 1) - Date.UTC(2000, from, 1)) / 86_400_000;
      const [term] = retentionTerms(retention.parse({ months }));
      return (term?.days ?? 0) >= calendar;
    }),
  );
  t.pass();
});
