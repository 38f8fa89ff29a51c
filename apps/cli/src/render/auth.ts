import type { HostAuth } from '@holdfast/fleet';
import { bold, dim, green, red, yellow } from '../markup.js';
import { renderItemError } from './plan.js';
import { indent, text } from './words.js';

/** The logins of hosts: where each comes from, whose it is, and what is missing for what. */
export function renderAuth(hosts: readonly HostAuth[]): string {
  if (hosts.length === 0) return text(['No target is on GitHub, GitLab or Forgejo.']);
  return text(hosts.flatMap((host) => [...renderHost(host), '']).slice(0, -1));
}

function renderHost({
  host,
  forge,
  source,
  token,
  access,
  repositories,
  error,
  hint,
}: HostAuth): string[] {
  const lines = [`login: ${describeSource(source)}${token ? dim(` (${token})`) : ''}`];
  if (access?.identity) lines.push(`identity: ${access.identity}`);
  if (access?.scopes) lines.push(`scopes: ${access.scopes.join(', ') || 'none'}`);
  if (access?.expiresAt) lines.push(`expires: ${access.expiresAt}`);
  for (const one of (access?.missing ?? []).map((missing) => `${yellow('missing')} ${missing}`))
    lines.push(one);
  if (hint) lines.push(`${red('no login:')} ${hint}`);
  const ready = repositories.filter(({ state }) => state === 'ready').length;
  if (repositories.length > 0) {
    lines.push(`${green(String(ready))} of ${repositories.length} repositories can be written`);
  }
  for (const { path, state, missing } of repositories) {
    if (state === 'ready') continue;
    const why = missing.length > 0 ? `: missing ${missing.join('; ')}` : '';
    lines.push(`${red(state)} ${path}${why}`);
  }
  return [
    `${bold(host)} ${dim(forge)}`,
    ...indent(lines),
    ...(error ? renderItemError(error) : []),
  ];
}

function describeSource(source: HostAuth['source']): string {
  switch (source.kind) {
    case 'token':
      return `a token in ${source.variable}`;
    case 'app':
      return `a GitHub App by ${source.variable}`;
    case 'helper':
      return "git's credential helper";
    case 'none':
      return 'none';
  }
}
