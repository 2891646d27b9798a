import test, { type ExecutionContext } from 'ava';
import pg from 'pg';
import { startTestPostgres, type TestDatabase, type TestPostgres } from '../../support/postgres.ts';

let postgres: TestPostgres;
test.before(async () => {
  postgres = await startTestPostgres();
});
test.after.always(() => postgres.stop());

const ROLES = ['cordon_writer', 'cordon_reader', 'cordon_keeper'] as const;
type Role = 'writer' | 'reader' | 'keeper';
type Rights = Readonly<Partial<Record<Role, string>>>;

/** Who only writes what it says, and reads it: the policy's facts and other things that functions alone change. */
const READ: Rights = { writer: 'select', reader: 'select' };
const RECORD = '(at_ms, chain, header, leaf, period, request_id, seq, tenant, type)';
const EXPORT =
  '(attempts, bytes, done_ms, expires_ms, host, leased_ms, owner, problem, records, sha256, state)';

/**
 * Every table and view there is, and what each role may do with it. A new one fails this test until somebody has thought
 * about it and put it here.
 */
const TABLES: Readonly<Record<string, Rights>> = {
  active_holds: READ,
  batches: { writer: 'insert', reader: 'select' },
  chains: { writer: 'insert, select, update (closed, hash, seq, settled)', reader: 'select' },
  checkpoints: { writer: 'insert, select (chain, size)', reader: 'select' },
  deks: { writer: 'insert, select, update (uses)', reader: 'select', keeper: 'select' },
  dropped_leaves: READ,
  drops: READ,
  erasures: READ,
  exports: { writer: `insert, select, update ${EXPORT}`, reader: 'select' },
  facts: { writer: 'insert, select, update', reader: 'select' },
  facts_default: {},
  hold_releases: READ,
  holds: READ,
  index_entries: { writer: 'insert, select', reader: 'select' },
  index_entries_default: {},
  keks: {
    writer: 'select',
    reader: 'select',
    keeper: 'insert (created_ms, id, seen_ms), select, update (destroyed_ms)',
  },
  kept_calls: { writer: 'delete, insert, select, update (expires_ms)' },
  kept_names: { writer: 'delete, insert, select, update (call, proof)' },
  migrations: { writer: 'select', reader: 'select', keeper: 'select' },
  policy_activations: READ,
  policy_active: READ,
  policy_exception_ends: READ,
  policy_exceptions: READ,
  policy_receipts: READ,
  policy_reviews: READ,
  policy_simulations: READ,
  policy_versions: READ,
  policy_withdrawals: READ,
  proposals: {
    writer: 'insert, select, update (decided_ms, decider, decision, leased_ms, proof, result, state)',
    reader: 'select',
  },
  quota: { writer: 'delete, insert, select, update' },
  records: { writer: `insert, select ${RECORD}`, reader: 'select' },
  records_default: {},
  reindexing: { writer: 'delete, insert, select, update' },
  retention_terms: READ,
  tiles: { writer: 'insert, select (chain, index, level)', reader: 'select' },
  unfinished: { writer: 'delete, insert, select' },
};

/** Months are made ahead; nobody has rights of their own on them. */
const MONTH = /_\d{4}_\d{2}$/;

/** Tables that only grow. What else may not be removed is said by rights alone. */
const APPEND_ONLY = [
  ...['batches', 'chains', 'checkpoints', 'dropped_leaves', 'drops', 'erasures', 'exports', 'hold_releases'],
  ...['holds', 'policy_activations', 'policy_active', 'policy_exception_ends', 'policy_exceptions'],
  ...[
    'policy_reviews',
    'policy_simulations',
    'policy_versions',
    'policy_withdrawals',
    'proposals',
    'records',
  ],
  ...['records_default', 'tiles'],
];

interface Callable {
  /** Runs with the owner's rights. */
  readonly definer: boolean;
  readonly callers: readonly Role[];
}
const inside: Callable = { definer: false, callers: [] };
const trigger: Callable = { definer: true, callers: [] };
const writes: Callable = { definer: true, callers: ['writer'] };
const asks: Callable = { definer: true, callers: ['reader', 'writer'] };
const plain: Callable = { definer: false, callers: ['writer'] };
const keeps: Callable = { definer: true, callers: ['keeper'] };

/** Every function there is, by name. */
const FUNCTIONS: Readonly<Record<string, Callable>> = {
  check_export: inside,
  check_head: inside,
  check_proposal: inside,
  check_wrap: trigger,
  delete_index: trigger,
  demand_retention: writes,
  destroy_subject_keys: writes,
  drop_month: writes,
  due_on: inside,
  ensure_index_partitions: writes,
  ensure_partitions: writes,
  erase_index: trigger,
  guard: inside,
  holds_on_month: inside,
  holds_on_subject: inside,
  lock_lifecycle: inside,
  month_meets: inside,
  month_runs: plain,
  months: asks,
  place_hold: writes,
  plan_drop: plain,
  policy_activate: writes,
  policy_agree: writes,
  policy_approved: inside,
  policy_end: writes,
  policy_except: writes,
  policy_exceptions_at: { definer: false, callers: ['reader', 'writer'] },
  policy_import: writes,
  policy_now: inside,
  policy_receipt: writes,
  policy_review: writes,
  policy_settle: writes,
  policy_simulated: writes,
  policy_submit: writes,
  policy_wanted: inside,
  policy_withdraw: writes,
  prune_index: writes,
  recorded: inside,
  refuse_change: inside,
  release_hold: writes,
  retire_kek: keeps,
  rewrap_deks: keeps,
  run_bytes: plain,
  settle_erasures: writes,
  trim_index: writes,
  unpartitioned: asks,
};

/** A database with the months a running Cordon has made. */
async function withMonths(): Promise<TestDatabase> {
  const database = await postgres.createDatabase();
  await database.query('select cordon.ensure_partitions($1), cordon.ensure_index_partitions($1)', [
    Date.now(),
  ]);
  return database;
}

const namesOf = (rows: readonly Record<string, unknown>[]): readonly string[] =>
  rows.map((row) => String(row['name']));

test('each role may do with each table what is written here, and nothing else', async (t) => {
  const database = await withMonths();
  const rows = await database.query(`
    with objects as (
      select c.oid, c.relname, c.relacl, c.relowner from pg_class c
      where c.relnamespace = 'cordon'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    ), given as (
      select o.oid, g.grantee, lower(g.privilege_type) as verb
      from objects o, aclexplode(o.relacl) g where g.grantee <> o.relowner
      union all
      select o.oid, g.grantee, lower(g.privilege_type) || ' (' || string_agg(a.attname, ', ' order by a.attname) || ')'
      from objects o join pg_attribute a on a.attrelid = o.oid, aclexplode(a.attacl) g
      group by o.oid, g.grantee, g.privilege_type
    )
    select o.relname as name, coalesce(nullif(g.grantee, 0)::regrole::text, 'public') as role,
      string_agg(g.verb, ', ' order by g.verb) as rights
    from objects o join given g on g.oid = o.oid group by 1, 2`);
  const found: Record<string, Record<string, string>> = {};
  const all = await database.query(
    `select relname as name from pg_class where relnamespace = 'cordon'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')`,
  );
  for (const name of namesOf(all)) if (!MONTH.test(name)) found[name] = {};
  for (const row of rows) {
    const role = String(row['role']).replace('cordon_', '');
    (found[String(row['name'])] ??= {})[role] = String(row['rights']);
  }
  t.deepEqual(found, TABLES);
});

test('each function is called by whom it is written here, and those with its owner’s rights look nowhere else', async (t) => {
  const database = await withMonths();
  const rows = await database.query(`
    select p.proname as name, p.prosecdef as definer, p.proowner::regrole::text as owner,
      coalesce(array_to_string(p.proconfig, ';'), '') as config,
      array(select distinct coalesce(nullif(g.grantee, 0)::regrole::text, 'public')
            from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g where g.grantee <> p.proowner
            order by 1) as callers
    from pg_proc p where p.pronamespace = 'cordon'::regnamespace order by 1`);
  const found: Record<string, Callable> = {};
  for (const row of rows) {
    const name = String(row['name']);
    t.false(name in found, `${name}: a second form of it`);
    const callers = (row['callers'] as readonly string[]).map((role) => role.replace('cordon_', '') as Role);
    found[name] = { definer: row['definer'] === true, callers };
    t.is(row['owner'], 'cordon_owner', name);
    t.true(String(row['config']).includes('search_path=pg_catalog, pg_temp'), name);
  }
  t.deepEqual(found, FUNCTIONS);
});

test('what only grows refuses its owner and a superuser, on every partition', async (t) => {
  const database = await withMonths();
  const rows = await database.query(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'cordon'::regnamespace and c.relkind in ('r', 'p') and not c.relname ~ '${MONTH.source}'
       and exists (select from pg_trigger g where g.tgrelid = c.oid and g.tgname = 'append_only' and g.tgenabled = 'A')
     order by 1`,
  );
  t.deepEqual(namesOf(rows), [...APPEND_ONLY].sort());
  const months = await database.query(
    `select c.relname as name from pg_class c where c.relnamespace = 'cordon'::regnamespace
       and c.relkind = 'r' and c.relname ~ '^records_\\d{4}_\\d{2}$'`,
  );
  t.true(months.length >= 2);
  for (const name of [...APPEND_ONLY, ...namesOf(months)]) {
    for (const sql of [`delete from cordon.${name}`, `truncate cordon.${name} cascade`])
      await t.throwsAsync(database.query(`set role cordon_owner; ${sql}`), { message: /append-only/ }, sql);
  }
});

/** One attempt at each verb: what a role was not given must fail for want of rights, whatever else is wrong with it. */
const ATTEMPTS: Readonly<Record<string, (table: string, column: string) => string>> = {
  insert: (table) => `insert into ${table} default values`,
  update: (table, column) => `update ${table} set ${column} = null`,
  delete: (table) => `delete from ${table}`,
  truncate: (table) => `truncate ${table}`,
  select: (table) => `select * from ${table}`,
};

async function as(t: ExecutionContext, database: TestDatabase, role: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url('superuser') });
  await client.connect();
  t.teardown(() => client.end());
  await client.query(`set role ${role}`);
  return client;
}

test('what a role was not given fails on every table and every month', async (t) => {
  const database = await withMonths();
  const columns = await database.query(`
    select c.relname as name, (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = 1) as first
    from pg_class c where c.relnamespace = 'cordon'::regnamespace and c.relkind in ('r', 'p')`);
  t.true(columns.length > 35);
  for (const login of ROLES) {
    const client = await as(t, database, login);
    const role = login.replace('cordon_', '') as Role;
    for (const row of columns) {
      const name = String(row['name']);
      const rights = TABLES[name]?.[role] ?? '';
      for (const [verb, sql] of Object.entries(ATTEMPTS)) {
        // A right to read or change some columns is none on all, nor on the first, which is never among them.
        if (new RegExp(verb === 'insert' ? 'insert' : `\\b${verb}\\b(?! \\()`).test(rights)) continue;
        const text = sql(`cordon.${name}`, String(row['first']));
        await t.throwsAsync(client.query(text), { code: '42501' }, `${login}: ${text}`);
      }
    }
    for (const sql of [
      'create table cordon.mine ()',
      'create function cordon.mine() returns void language sql as $$$$',
      'alter table cordon.records disable trigger all',
      'alter role cordon_writer superuser',
      'drop function cordon.refuse_change() cascade',
      "set session_replication_role = 'replica'",
      'grant cordon_owner to current_user',
    ])
      await t.throwsAsync(client.query(sql), { code: '42501' }, `${login}: ${sql}`);
  }
});

test('a function of another role cannot be called, and one of nobody’s by nobody', async (t) => {
  const database = await withMonths();
  const signatures = await database.query(`
    select p.proname as name, p.oid::regprocedure::text as signature,
      (select string_agg('null::' || format_type(kind, null), ', ' order by n)
       from unnest(p.proargtypes) with ordinality as a (kind, n)) as arguments
    from pg_proc p where p.pronamespace = 'cordon'::regnamespace and p.prorettype <> 'trigger'::regtype`);
  for (const login of ROLES) {
    const client = await as(t, database, login);
    for (const row of signatures) {
      const name = String(row['name']);
      if (FUNCTIONS[name]?.callers.some((caller) => `cordon_${caller}` === login) === true) continue;
      const sql = `select cordon.${name}(${typeof row['arguments'] === 'string' ? row['arguments'] : ''})`;
      await t.throwsAsync(client.query(sql), { code: '42501' }, `${login}: ${sql}`);
    }
  }
});
