import { type JsonObject } from '../domain/json.ts';
import { type Opened } from '../ledger/read.ts';
import { iso } from './breach.ts';
import { toCsv } from './csv.ts';
import { type SubjectCall, type SubjectReport } from './subject.ts';

export function subjectJson({ createdMs, calls }: SubjectReport): JsonObject {
  return { created: iso(createdMs), calls: calls.map(callJson) };
}

function callJson(call: SubjectCall): JsonObject {
  const { atMs, purpose, operation, model, destination, outcome, policy, found, sent, answer, ...rest } =
    call;
  return {
    ...rest,
    at: iso(atMs),
    purpose: purpose ?? null,
    operation: operation ?? null,
    model: model ?? null,
    destination: destination ?? null,
    outcome: outcome ?? null,
    policy: policy ?? null,
    found: found.state === 'open' ? { ...found.value } : null,
    sent: openText(sent),
    answer: openText(answer),
    // Why something is missing: it was never recorded or is somebody else's, its key was destroyed, or it is damaged.
    states: { found: found.state, sent: sent.state, answer: answer.state },
  };
}

function openText(text: Opened<string>): string | null {
  return text.state === 'open' ? text.value : null;
}

/** One line a value found, or a call in which none was. */
export function subjectCsv({ calls }: SubjectReport): string {
  const head = ['request', 'at', 'role', 'purpose', 'model', 'sent to', 'outcome', 'placeholder', 'value'];
  return toCsv(
    head,
    calls.flatMap((call) => {
      const line = [
        ...[call.requestId, iso(call.atMs), call.role, call.purpose ?? '', call.model ?? ''],
        ...[call.sentTo.join(' '), call.outcome ?? ''],
      ];
      const found = call.found.state === 'open' ? Object.entries(call.found.value) : [];
      return found.length === 0 ? [[...line, '', '']] : found.map((pair) => [...line, ...pair]);
    }),
  );
}

/** For a person to read, or to hand to one. */
export function subjectText({ createdMs, calls }: SubjectReport): string {
  const head = `What the record of AI calls holds about this person, as of ${iso(createdMs) ?? ''}: ${calls.length} calls.`;
  return [head, ...calls.map(callText)].join('\n\n').concat('\n');
}

function callText(call: SubjectCall): string {
  const { found, sent, answer } = call;
  const lines = [
    `${iso(call.atMs) ?? ''}  ${call.requestId}`,
    call.role === 'data_subject'
      ? 'The call was about this person.'
      : "This person is mentioned in somebody else's call, which is not opened here.",
    `Purpose: ${call.purpose ?? 'none named'}. Model: ${call.model ?? 'unknown'}. ${sentence(call)}`,
    `Found: ${
      Object.entries(call.handling)
        .map(([entity, how]) => `${entity} (${JSON.stringify(how)})`)
        .join(', ') || 'nothing'
    }.`,
  ];
  if (found.state === 'open') {
    for (const [name, value] of Object.entries(found.value)) lines.push(`  ${name} stood for: ${value}`);
  } else if (found.state !== 'none') lines.push(`  What it stood for: ${reason(found.state)}.`);
  if (sent.state === 'open') lines.push('Sent:', indent(sent.value));
  if (answer.state === 'open') lines.push('Answered:', indent(answer.value));
  return lines.join('\n');
}

function sentence({ allowed, sentTo, outcome }: SubjectCall): string {
  if (!allowed) return 'It was refused and went nowhere.';
  const where =
    sentTo.length === 0 ? 'Where it was sent is not recorded' : `It was sent to ${sentTo.join(', ')}`;
  return `${where}; it ended as ${outcome ?? 'not yet ended'}.`;
}

function reason(state: 'key_unavailable' | 'damaged'): string {
  return state === 'damaged' ? 'the record is damaged' : 'erased, the key is destroyed';
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
