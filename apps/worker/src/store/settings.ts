import { createHash, randomBytes } from 'node:crypto';
import type { Database } from './database.js';

/** Reads a setting that all workers of a database share; the first worker makes it. */
export async function sharedSetting(
  { query }: Database,
  name: string,
  make: () => string,
): Promise<{ readonly value: string; readonly made: boolean }> {
  const fresh = make();
  const [made] = await query<{ value: string }>(
    'INSERT INTO holdfast.setting VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING value',
    [name, fresh],
  );
  if (made) return { value: fresh, made: true };
  const [kept] = await query<{ value: string }>(
    'SELECT value FROM holdfast.setting WHERE name = $1',
    [name],
  );
  return { value: kept?.value ?? fresh, made: false };
}

/** The key that sessions are signed with: the same for all workers of a database. */
export async function sessionKey(database: Database): Promise<Buffer> {
  const { value } = await sharedSetting(database, 'session-key', () =>
    randomBytes(32).toString('base64url'),
  );
  return Buffer.from(value, 'base64url');
}

/** The digest of the token made at the first start, and the token itself that once alone. */
export async function madeToken(
  database: Database,
  { anew }: { readonly anew: boolean },
): Promise<{ readonly digest: string; readonly token?: string }> {
  const token = `hfw_${randomBytes(24).toString('base64url')}`;
  const digest = tokenDigest(token);
  if (anew) await database.query(`DELETE FROM holdfast.setting WHERE name = 'token-digest'`);
  const { value, made } = await sharedSetting(database, 'token-digest', () => digest);
  return made ? { digest, token } : { digest: value };
}

/** What is kept of a token: enough to know it again, nothing to use it with. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
