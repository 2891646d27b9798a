import type pg from 'pg';
import { type DekStore, RetiredKekError, type StoredDek } from '../crypto/deks.ts';
import { bytes, optionalBytes, text } from './columns.ts';
import { type Row } from './session.ts';

/** Raised by cordon.check_wrap. */
const RETIRED = 'CK001';
export const DEK_COLUMNS = 'id::text as id, kind, tenant, reference, period::text as period, kek, wrapped';
const OWNER = 'kind = $1 and tenant = $2 and reference = $3 and period = $4';

/** Wrapped keys in `cordon.deks`. The pool's role decides what works: a reader can only find. */
export function createDekStore(pool: pg.Pool): DekStore {
  return {
    async lease(owner, uses, maxUses) {
      const { rows } = await pool.query<Row>(
        `update cordon.deks set uses = uses + $5
         where id = (select id from cordon.deks where ${OWNER} order by generation desc limit 1)
           and uses + $5 <= $6 and wrapped is not null
         returning ${DEK_COLUMNS}`,
        [owner.kind, owner.tenant, owner.reference, owner.period, uses, maxUses],
      );
      return rows[0] === undefined ? undefined : toDek(rows[0]);
    },
    async add(dek, wrapped) {
      const { kind, tenant, reference, period } = dek.owner;
      const added = pool.query(
        `insert into cordon.deks (kind, tenant, reference, period, generation, id, kek, wrapped)
         select $1::text, $2::text, $3::bytea, $4::date,
                coalesce((select max(generation) from cordon.deks where ${OWNER}), 0) + 1, $5, $6, $7
         on conflict do nothing`,
        [kind, tenant, reference, period, dek.id, wrapped.kek, wrapped.bytes],
      );
      await added.catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === RETIRED) {
          throw new RetiredKekError('the key encryption key is retired', { cause: error });
        }
        throw error;
      });
    },
    async find(id) {
      const { rows } = await pool.query<Row>(`select ${DEK_COLUMNS} from cordon.deks where id = $1`, [id]);
      return rows[0] === undefined ? undefined : toDek(rows[0]);
    },
  };
}

export function toDek(row: Row): StoredDek {
  const wrapped = optionalBytes(row, 'wrapped');
  return {
    id: text(row, 'id'),
    owner: {
      kind: text(row, 'kind') === 'subject' ? 'subject' : 'tenant',
      tenant: text(row, 'tenant'),
      reference: bytes(row, 'reference'),
      period: text(row, 'period'),
    },
    wrapped: wrapped === undefined ? undefined : { kek: text(row, 'kek'), bytes: wrapped },
  };
}
