import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { applyFix, audit, planFix, readProject } from '../src/index.js';
import { platformNames } from '../src/templates/platform-names.js';
import { answers, makeFolder, repository, schemas } from './sandbox.js';
import { workflowProblems } from './workflow-checks.js';

const projects = fileURLToPath(new URL('../../../../shared/data/odps/projects', import.meta.url));

describe.runIf(existsSync(projects))('the real projects', () => {
  const names = existsSync(projects) ? readdirSync(projects).sort() : [];

  it.each(names.flatMap((name) => platformNames.map((platform) => [name, platform] as const)))(
    '%s becomes well-integrated on %s',
    async (name, PLATFORM) => {
      const folder = await makeFolder({});
      cpSync(`${projects}/${name}`, folder, { recursive: true });
      execFileSync('chmod', ['-R', 'u+w', folder]);
      const git = (...args: string[]) =>
        execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
      git('init', '-q');
      git('add', '--all');
      const plan = await planFix((await readProject(folder, { withSql: true }))!, {
        git: repository,
        schemas,
        answers: { ...answers, PLATFORM },
      });
      if (plan.kind !== 'planned') throw new Error(JSON.stringify(plan));
      const outcome = await applyFix(plan, { folder });
      expect([outcome.failed, plan.refused, [...plan.byHand]]).toEqual([[], [], []]);

      const { isWellIntegrated } = await audit((await readProject(folder))!, {
        git: repository,
        schemas,
      });
      expect(isWellIntegrated).toBe(true);
      for (const change of outcome.written) {
        if (change.artifact === 'workflow' && change.kind === 'create')
          expect(await workflowProblems(change.path, change.after)).toEqual([]);
      }
      if (PLATFORM !== 'databricks') return;
      git('add', '--all', '--intent-to-add');
      const diff = git('diff', '--no-color', '--no-ext-diff', '--diff-filter=M');
      await expect(diff).toMatchFileSnapshot(`./fixtures/real/${name}.diff`);
    },
  );
});
