import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GenerateOptions } from '../generate/generate-skill.js';
import { generatorEnvironment } from '../generate/generator-environment.js';
import type { SoundSkill } from '../generate/inspect-skill-state.js';
import { explainFailure, type MakeFailure } from '../generate/make-outputs.js';
import { runProgram } from '../generate/run-program.js';
import { writeShim } from '../generate/shim.js';
import { readStaged, withStaging } from '../generate/staging.js';
import { parseStateLines } from '../store/state-lines.js';

/**
 * Runs a skill's parser on one version of its output, with the generator's contract mirrored: it reads
 * `SYNC_INPUT_FILE`, and writes JSON Lines of `{key, value}` to `SYNC_OUTPUT_FILE`.
 *
 * @returns The values by key.
 */
export async function runParser(
  skill: SoundSkill,
  content: Buffer,
  context: GenerateOptions,
): Promise<Map<string, string> | MakeFailure> {
  const { command, signal, timeout = 60_000, maxBytes = 64 * 1_048_576 } = context;
  const target = skill.parts.outputs[0]?.target as string;
  return withStaging(target, { isTrial: true, signal }, async (staging) => {
    await writeShim(staging.commands, { command });
    const input = join(staging.folder, '..', 'input.md');
    await writeFile(input, content);
    const result = await runProgram(skill.parts.parserFile as string, {
      cwd: skill.realDirectory,
      environment: { ...generatorEnvironment(skill, staging, context), SYNC_INPUT_FILE: input },
      timeout,
      watched: staging.folder,
      maxBytes,
      signal,
    });
    const failed = explainFailure(skill, result, timeout, maxBytes);
    if (failed) return failed;
    const staged = await readStaged(staging.file, maxBytes);
    const unusable = (message: string): MakeFailure => ({
      kind: 'failed',
      reason: 'unusable',
      message: `the parser of ${skill.name}: ${message}`,
      output: result.output,
    });
    if (staged.kind === 'unusable') return unusable(staged.why);
    if (staged.kind === 'absent') return unusable('it wrote nothing to SYNC_OUTPUT_FILE');
    try {
      const entries = parseStateLines(staged.content.toString('utf8'), 'output');
      return new Map([...entries].map(({ key, value }) => [key, value]));
    } catch (error) {
      return unusable((error as Error).message);
    }
  });
}
