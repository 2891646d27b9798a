import { access, constants, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How to start the server's programs: as ourselves, or from root as somebody less. */
export interface Account {
  /** Owner of the server's files; undefined when we are not root and it is us. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined;
  /** Program and arguments to put before the command. */
  readonly prefix: readonly string[];
}

const SETPRIV_PATHS = ['/usr/bin/setpriv', '/bin/setpriv', '/usr/local/bin/setpriv'];

/**
 * PostgreSQL refuses to run as root, so as root it runs as `postgres`, else `nobody`. That user must reach `paths`;
 * below a directory closed to it (mktemp makes such), the one capability of searching and reading is left to it.
 * Throws with advice when neither will do.
 */
export async function chooseAccount(paths: readonly string[]): Promise<Account> {
  if (process.getuid?.() !== 0) return { ids: undefined, prefix: [] };
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const ids = findUser(passwd, 'postgres') ?? findUser(passwd, 'nobody');
  if (ids === undefined) {
    throw new Error(
      'PostgreSQL refuses to run as root and there is no user postgres or nobody: run Cordon as another user, or set DATABASE_URL',
    );
  }
  const closed = await firstClosedAncestor(paths, ids);
  if (closed === undefined) return { ids, prefix: [] };
  const setpriv = await firstExecutable(SETPRIV_PATHS);
  if (setpriv === undefined) {
    throw new Error(
      `${closed} is closed to user ${ids.uid}, which the embedded PostgreSQL runs as: chmod o+x it, choose another data directory, install setpriv (util-linux), or set DATABASE_URL`,
    );
  }
  const capability = '+dac_read_search';
  return {
    ids,
    prefix: [
      setpriv,
      // access(2), by which initdb looks for its programs, forgets the capability of a user other than root without it.
      '--securebits=+no_setuid_fixup',
      `--reuid=${ids.uid}`,
      `--regid=${ids.gid}`,
      '--clear-groups',
      `--inh-caps=${capability}`,
      `--ambient-caps=${capability}`,
      '--',
    ],
  };
}

function findUser(passwd: string, name: string): { uid: number; gid: number } | undefined {
  const line = passwd.split('\n').find((candidate) => candidate.startsWith(`${name}:`));
  const [, , uid, gid] = (line ?? '').split(':').map(Number);
  return uid !== undefined && gid !== undefined && uid > 0 && gid > 0 ? { uid, gid } : undefined;
}

async function firstClosedAncestor(
  paths: readonly string[],
  ids: { readonly uid: number; readonly gid: number },
): Promise<string | undefined> {
  for (const path of paths) {
    for (let at = dirname(path); ; at = dirname(at)) {
      const { mode, uid, gid } = await stat(at);
      const bit = uid === ids.uid ? 0o100 : gid === ids.gid ? 0o010 : 0o001;
      if ((mode & bit) === 0) return at;
      if (at === dirname(at)) break;
    }
  }
  return undefined;
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}
