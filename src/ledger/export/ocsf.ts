import { type Json, type JsonObject } from '../../domain/json.ts';
import { asObject } from '../header.ts';
import { type ExportedRecord } from './select.ts';

/** https://schema.ocsf.io/1.8.0: the first version whose API Activity has the profile `ai_operation`. */
const SCHEMA = '1.8.0';
const CATEGORY_APPLICATION = 6;
const CLASS_API_ACTIVITY = 6003;
const INFORMATIONAL = 1;
const [READ, OTHER] = [2, 99];
const [SUCCESS, FAILURE] = [1, 2];
const READING = ['AUDIT_READ', 'SEARCHED', 'REPORTED', 'REVEALED', 'EXPORTED'];
const UNRECORDED = 'not-recorded';

type Loose = Readonly<Record<string, Json | undefined>>;

/**
 * A record as an OCSF API Activity. `raw_data` is the header as stored: what the leaf covers and the only part that is
 * proven; the rest says the same in OCSF's words. `unmapped` has what was opened of the ciphertexts.
 */
export function toOcsf(record: ExportedRecord, version: string): JsonObject {
  const { header, raw, opened } = record;
  const { data, type } = header;
  const activity = READING.includes(type) ? READ : OTHER;
  return object({
    activity_id: activity,
    activity_name: activity === READ ? undefined : type,
    category_uid: CATEGORY_APPLICATION,
    class_uid: CLASS_API_ACTIVITY,
    type_uid: CLASS_API_ACTIVITY * 100 + activity,
    severity_id: INFORMATIONAL,
    time: header.atMs,
    status_id: failed(data) ? FAILURE : SUCCESS,
    status_code: text(data['outcome']) ?? text(data['reason']),
    duration: typeof data['latencyMs'] === 'number' ? Math.round(data['latencyMs']) : undefined,
    metadata: {
      version: SCHEMA,
      product: { name: 'Cordon', vendor_name: 'Cordon', version },
      profiles: ['ai_operation'],
      uid: header.id,
      event_code: type,
      log_name: header.chain,
      sequence: header.seq,
      tenant_uid: header.tenant,
    },
    actor: { user: { uid: text(data['caller']) ?? UNRECORDED } },
    api: object({ operation: text(data['operation']) ?? type, request: { uid: header.id } }),
    // Cordon does not record addresses.
    src_endpoint: { uid: text(data['caller']) ?? UNRECORDED },
    ...destinationOf(data),
    ...modelOf(data),
    raw_data: raw,
    unmapped: object({ data, opened: Object.keys(opened).length === 0 ? undefined : opened }),
  });
}

function failed(data: JsonObject): boolean {
  const { allow, outcome } = data;
  return allow === false || (outcome !== undefined && outcome !== 'complete');
}

function destinationOf(data: JsonObject): JsonObject {
  const { runner, region } = asObject(data['destination']) ?? {};
  if (typeof runner !== 'string') return {};
  return { dst_endpoint: object({ svc_name: runner, zone: text(region) }) };
}

function modelOf(data: JsonObject): JsonObject {
  const model = text(data['model']);
  const provider = text(asObject(data['destination'])?.['runner']);
  const { promptTokens: prompt, completionTokens: completion } = data;
  const counted = typeof prompt === 'number' || typeof completion === 'number';
  return {
    ...(model === undefined ? {} : { ai_model: { name: model, ai_provider: provider ?? 'unknown' } }),
    ...(counted
      ? {
          message_context: object({
            service: 'Cordon',
            prompt_tokens: prompt ?? undefined,
            completion_tokens: completion ?? undefined,
          }),
        }
      : {}),
  };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Without the members that are undefined: those are not JSON. */
function object(members: Loose): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, Json] => member[1] !== undefined),
  );
}
