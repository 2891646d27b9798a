import { Readable } from 'node:stream';
import { z } from 'zod';
import { type JsonObject } from '../../domain/json.ts';
import { type Route } from '../../http/route-table.ts';
import { parseSearchQuery } from '../../ledger/search/query.ts';
import { breachCsv, countsOf, iso, type BreachScope } from '../../reports/breach.ts';
import { disclosuresCsv } from '../../reports/disclosures.ts';
import { type DisclosureCount, type NamedCount } from '../../reports/ports.ts';
import { processingCsv } from '../../reports/processing.ts';
import { type Reports } from '../../reports/reports.ts';
import { subjectCsv, subjectJson, subjectText } from '../../reports/subject-forms.ts';
import { type Permit } from '../permit.ts';
import { adminRoute, type Download } from '../route.ts';
import { actorOf, answering, callFields } from '../search-body.ts';

const TAG = 'Reports';
const format = z.enum(['json', 'csv']).default('json');
const reason = z.string().min(1).max(2_000);
const query = z.strictObject(callFields).default({});

/** All of them POST: what they are asked about is personal data, and each leaves a record. */
export function reportRoutes(permit: Permit, reports: Reports): readonly Route[] {
  return [
    processingRoute(permit, reports),
    breachRoute(permit, reports),
    disclosuresRoute(permit, reports),
    subjectRoute(permit, reports),
  ];
}

function processingRoute(permit: Permit, reports: Reports): Route {
  return adminRoute(permit, {
    id: 'reportProcessing',
    method: 'POST',
    path: '/reports/processing',
    tag: TAG,
    summary: 'The record of processing activities (GDPR 30), and what it lacks',
    operation: 'report.processing',
    body: z.strictObject({ from: z.string().optional(), to: z.string().optional(), format }),
    handle: async ({ principal, body: { format: form, ...time } }) => {
      const made = await answering(reports.processing(actorOf(principal), parseSearchQuery(time)));
      if (form === 'csv') return download('processing.csv', processingCsv(made));
      return { ...made.record, complete: made.gaps.length === 0, gaps: [...made.gaps] };
    },
  });
}

function breachRoute(permit: Permit, reports: Reports): Route {
  return adminRoute(permit, {
    id: 'reportBreach',
    method: 'POST',
    path: '/reports/breach',
    tag: TAG,
    summary: 'How many people, records and which data a breach concerns (GDPR 33)',
    operation: 'report.breach',
    body: z.strictObject({
      query,
      /** Calls that went to this runner, or may have. */
      reached: z.string().min(1).max(256).optional(),
      dek: z.string().min(1).max(64).optional(),
      kek: z.string().min(1).max(128).optional(),
      reason: reason.optional(),
      format,
    }),
    refusals: ['payload_too_large'],
    handle: async ({ principal, body: { query: asked, format: form, reached, dek, kek, reason: why } }) => {
      const scope = await answering(
        reports.breach(actorOf(principal), {
          query: parseSearchQuery(asked),
          ...(reached === undefined ? {} : { reached }),
          ...(dek === undefined ? {} : { dek }),
          ...(kek === undefined ? {} : { kek }),
          ...(why === undefined ? {} : { reason: why }),
        }),
      );
      return form === 'csv' ? download('breach.csv', breachCsv(scope)) : breachJson(scope);
    },
  });
}

function disclosuresRoute(permit: Permit, reports: Reports): Route {
  return adminRoute(permit, {
    id: 'reportDisclosures',
    method: 'POST',
    path: '/reports/disclosures',
    tag: TAG,
    summary: 'What was sent where, for what, by month (HIPAA 164.528)',
    operation: 'report.disclosures',
    body: z.strictObject({ query, reason: reason.optional(), format }),
    refusals: ['payload_too_large'],
    handle: async ({ principal, body: { query: asked, format: form, reason: why } }) => {
      const lines = await answering(
        reports.disclosures(actorOf(principal), {
          query: parseSearchQuery(asked),
          ...(why === undefined ? {} : { reason: why }),
        }),
      );
      if (form === 'csv') return download('disclosures.csv', disclosuresCsv(lines));
      return { items: lines.map(disclosureJson) };
    },
  });
}

function subjectRoute(permit: Permit, reports: Reports): Route {
  const { subject, email, phone, name, value, from, to } = callFields;
  return adminRoute(permit, {
    id: 'reportSubject',
    method: 'POST',
    path: '/reports/subject',
    tag: TAG,
    summary: 'Everything about one person, opened (GDPR 15); any of what is given finds a record',
    operation: 'report.subject',
    body: z.strictObject({
      about: z.strictObject({ subject, email, phone, name, value }),
      ...{ from, to },
      purpose: reason,
      format: z.enum(['json', 'csv', 'text']).default('json'),
    }),
    refusals: ['payload_too_large'],
    handle: async ({ principal, body: { about, from: start, to: end, purpose, format: form } }) => {
      const { subject: who, values, fromMs, toMs } = parseSearchQuery({ ...about, from: start, to: end });
      const report = await answering(
        reports.subject(actorOf(principal), {
          ...(who === undefined ? {} : { subject: who }),
          values,
          ...(fromMs === undefined ? {} : { fromMs }),
          ...(toMs === undefined ? {} : { toMs }),
          purpose,
        }),
      );
      if (form === 'csv') return download('subject.csv', subjectCsv(report));
      return form === 'text' ? download('subject.txt', subjectText(report)) : subjectJson(report);
    },
  });
}

function download(fileName: string, text: string): Download {
  const bytes = Buffer.from(text, 'utf8');
  return {
    stream: Readable.from([bytes]),
    contentType: `${fileName.endsWith('.csv') ? 'text/csv' : 'text/plain'}; charset=utf-8`,
    fileName,
    bytes: bytes.length,
  };
}

function breachJson({ scope, subjects, subjectsCut }: BreachScope): JsonObject {
  const { records, subjects: persons, erased, principals, firstMs, lastMs, by } = scope;
  const names = [...new Set(by.map(({ tag }) => tag.slice(0, tag.indexOf(':'))))];
  return {
    records,
    subjects: persons,
    erased,
    principals,
    first: iso(firstMs),
    last: iso(lastMs),
    by: Object.fromEntries(names.map((name) => [name, countsOf(scope, name).map(countJson)])),
    subjectList: subjects.map(({ subject, records: count, firstMs: first, lastMs: last }) => ({
      ...{ subject, records: count, first: iso(first), last: iso(last) },
    })),
    subjectListCut: subjectsCut,
  };
}

function countJson({ tag, records, subjects }: NamedCount): JsonObject {
  return { name: tag, records, subjects };
}

function disclosureJson({ firstMs, lastMs, purpose, runner, ...line }: DisclosureCount): JsonObject {
  return { ...line, destination: runner, purpose: purpose ?? null, first: iso(firstMs), last: iso(lastMs) };
}
