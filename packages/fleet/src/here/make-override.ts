import { overrideRootOf } from '@holdfast/sync';
import { folderOf, writeChanges } from '../files/target-folder.js';
import type { TargetTree } from '../files/target-folder.js';
import { FleetError } from '../fleet-error.js';
import { lookHere } from './look-here.js';

/** An override that lies in a work tree now. */
export interface MadeOverride {
  readonly path: string;
  readonly rule: string;
  /** Where the override is. */
  readonly override: string;
  /** Whether it was there already, and was left as it is. */
  readonly existed: boolean;
}

/**
 * Makes the override of a delivered file, a copy of it as it lies there, at the path where the next sync looks for
 * it. One that is there is left alone; the commit is left to people.
 *
 * @throws FleetError `bad-argument` for a path that no sync delivered, or that can have no override
 */
export async function makeOverride(tree: TargetTree, path: string): Promise<MadeOverride> {
  const rules = await lookHere(tree);
  const rule = rules.find(({ manifest }) => manifest.files.has(path));
  if (!rule) throw notDelivered(path, rules);
  const { namespace, manifest } = rule;
  const folder = folderOf(tree.root);
  const overrides = await folder.list(`.${namespace}-overrides/`);
  const root = overrideRootOf(manifest, new Set(overrides), { namespace });
  if (!path.startsWith(root)) {
    throw new FleetError(
      'bad-argument',
      `${path} can have no override: those of ${manifest.rule_id} are for files below ${root}`,
      {
        hint: 'ask the owner of the rule for another override_root, or edit the file: an edit is merged, too',
      },
    );
  }
  const override = `.${namespace}-overrides/${path.slice(root.length)}`;
  const made = { path, rule: manifest.rule_id, override };
  if ((await folder.read(override)) !== undefined) return { ...made, existed: true };
  const file = rule.files.find((one) => one.path === path);
  const content = await folder.read(path);
  if (!content || !file?.found) {
    throw new FleetError('bad-argument', `there is no file ${path} to begin from`, {
      hint: `restore it first: git checkout -- ${path}`,
    });
  }
  if (file.state === 'conflicted') {
    throw new FleetError('bad-argument', `${path} is in conflict`, {
      hint: `decide that first: holdfast resolve ${path} --ours --decision TEXT`,
    });
  }
  await writeChanges(tree.root, [{ path: override, mode: file.found.mode, content }]);
  return { ...made, existed: false };
}

function notDelivered(path: string, rules: Awaited<ReturnType<typeof lookHere>>): FleetError {
  const name = path.split('/').at(-1) ?? '';
  const alike = rules
    .flatMap(({ files }) => files.map((file) => file.path))
    .filter((other) => other.endsWith(`/${name}`))
    .slice(0, 3);
  return new FleetError('bad-argument', `no sync delivered ${path}`, {
    hint:
      alike.length > 0
        ? `delivered are: ${alike.join(', ')}`
        : 'name a delivered file by its path in this repository; holdfast status lists the rules',
  });
}
