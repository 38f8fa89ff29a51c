import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sortFindings, type Finding } from '@holdfast/findings';
import { checkFrontMatter } from './check-front-matter.js';
import { checkLinkTrust, checkTrust } from './check-trust.js';
import { locateParts } from './locate-parts.js';
import type { OutputBounds } from './resolve-outputs.js';
import { absent, isWithin } from './resolve-path.js';
import type { Skill, SkillPlace } from './skill.js';
import { parseSyncManifest } from './sync-manifest.js';

/** A `SYNC.json` or `SKILL.md` longer than this is refused, in bytes. */
const maxFileSize = 1_048_576;

/**
 * Reads and checks one skill; runs nothing.
 *
 * @returns `undefined` for a folder without a `SYNC.json`, and for what is no folder.
 */
export async function inspectSkill(
  place: SkillPlace,
  bounds: OutputBounds,
  uid: number | undefined,
): Promise<Skill | undefined> {
  const { directory, realDirectory } = place;
  if (!(await stat(realDirectory)).isDirectory()) return undefined;
  if (/[\0-\x1f\x7f]/.test(place.name)) return undefined; // its name could not be shown, nor typed
  const manifestFile = join(directory, 'SYNC.json');
  const text = await readSmallFile(manifestFile, realDirectory);
  if (text === undefined) return undefined;
  if ('finding' in text) return { ...place, findings: [text.finding] };
  const parsed = parseSyncManifest(text.content, manifestFile);
  const findings = [
    ...parsed.findings,
    ...(await inspectFrontMatter(place)),
    ...(await checkLinkTrust(directory, uid)),
    ...(await checkTrust(await realpath(manifestFile), { root: realDirectory, uid })),
  ];
  const { manifest } = parsed;
  if (!manifest) return { ...place, findings: sortFindings(findings) };
  const located = await locateParts(place, manifest, bounds, uid);
  for (const one of located.findings) findings.push(one);
  const isSound = !findings.some(({ severity }) => severity === 'error');
  return {
    ...place,
    findings: sortFindings(distinct(findings)),
    manifest,
    ...(isSound && located.parts ? { parts: located.parts } : {}),
  };
}

function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ ruleId, path, message }) => {
    const identity = JSON.stringify([ruleId, path, message]);
    return !seen.has(identity) && seen.add(identity);
  });
}

async function inspectFrontMatter({
  name,
  directory,
  realDirectory,
}: SkillPlace): Promise<Finding[]> {
  const path = join(directory, 'SKILL.md');
  const text = await readSmallFile(path, realDirectory);
  if (text && 'content' in text) return checkFrontMatter(text.content, path, name);
  const message = text
    ? text.finding.message
    : 'there is no SKILL.md, by which agents find a skill';
  return [{ ruleId: 'skills/front-matter', severity: 'warning', message, path }];
}

type ReadText = { readonly content: string } | { readonly finding: Finding } | undefined;

/** Reads a file of a skill; a link that leads out of it, a pipe, a giant are findings. */
async function readSmallFile(path: string, realDirectory: string): Promise<ReadText> {
  const refuse = (message: string): ReadText => ({
    finding: { ruleId: 'skills/manifest-unreadable', severity: 'error', message, path },
  });
  const real = await realpath(path).catch(absent);
  if (real === undefined) return undefined;
  if (!isWithin(real, realDirectory)) return refuse(`it leads out of the skill, to ${real}`);
  if (!(await stat(real)).isFile()) return refuse('it is not a file');
  const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => error,
  );
  if (file instanceof Error) return refuse(`it cannot be read: ${file.message}`);
  try {
    const { size } = await file.stat();
    if (size > maxFileSize) return refuse(`it is larger than ${maxFileSize} bytes`);
    const bytes = await file.readFile();
    return { content: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    return refuse(`it cannot be read: ${(error as Error).message}`);
  } finally {
    await file.close();
  }
}
