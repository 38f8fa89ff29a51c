import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import {
  discoverSkills,
  openStore,
  type DiscoverSkillsOptions,
  type GenerateOptions,
  type Skill,
  type Store,
} from '../../src/index.js';

/** A temporary folder with skills, a store and a place for outputs. */
export interface Workspace {
  readonly root: string;
  readonly data: string;
  readonly store: Store;
  readonly storeFile: string;
  /** Writes a skill; a file whose content begins with `#!` may be executed. */
  addSkill(name: string, manifest: object | string, files?: Record<string, string>): string;
  /** Copies a fixture, with its outputs in this folder instead of `/data`. */
  addFixture(name: string): string;
  read(path: string): string;
  write(path: string, content: string, mode?: number): string;
  find(options?: Partial<DiscoverSkillsOptions>): Promise<readonly Skill[]>;
  /** The skill of that name. */
  skill(name: string): Promise<Skill>;
  options(more?: Partial<GenerateOptions>): GenerateOptions;
  remove(): void;
}

export function createWorkspace(command: readonly string[] = ['/bin/false']): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'skill-work-'));
  const data = join(root, 'data');
  mkdirSync(data);
  const storeFile = join(data, 'state.db');
  const store = openStore(storeFile, { clock: () => new Date('2026-02-13T10:00:00Z') });
  store.transaction(() => undefined);
  const write = (
    path: string,
    content: string,
    mode = content.startsWith('#!') ? 0o755 : 0o644,
  ) => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
    return file;
  };
  const find = async (options: Partial<DiscoverSkillsOptions> = {}) => {
    const { skills } = await discoverSkills({
      cwd: root,
      outputRoots: [data],
      uid: userInfo().uid,
      ...options,
    });
    return skills;
  };
  return {
    root,
    data,
    store,
    storeFile,
    write,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    addSkill(name, manifest, files = {}) {
      const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest, null, 2);
      write(`skills/${name}/SYNC.json`, text);
      write(`skills/${name}/SKILL.md`, `---\nname: ${name}\ndescription: A skill.\n---\n`);
      for (const [path, content] of Object.entries(files)) write(`skills/${name}/${path}`, content);
      return join(root, 'skills', name);
    },
    addFixture(name) {
      const folder = join(root, 'skills', name);
      cpSync(new URL(`../fixtures/${name}`, import.meta.url), folder, { recursive: true });
      chmodSync(join(folder, 'scripts/sync.sh'), 0o755);
      const manifest = join(folder, 'SYNC.json');
      writeFileSync(manifest, readFileSync(manifest, 'utf8').replaceAll('/data/', `${data}/`));
      return folder;
    },
    find,
    async skill(name) {
      const found = (await find()).find((skill) => skill.name === name);
      if (!found) throw new Error(`no skill ${name}`);
      return found;
    },
    options: (more = {}) => ({
      store,
      location: { file: storeFile, kind: 'named' },
      command,
      environment: { PATH: process.env['PATH'], HOME: root, SECRET_TOKEN: 'hidden' },
      clock: () => new Date('2026-02-13T12:00:00Z'),
      timeout: 20_000,
      ...more,
    }),
    remove() {
      store.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
