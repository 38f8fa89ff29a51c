import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Document, isDocument, parseAllDocuments } from 'yaml';
import { FleetError } from '../fleet-error.js';

/** Writes a file whole or not at all; one that was there keeps its mode. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const mode = await stat(path).then(
    (found) => found.mode,
    () => 0o644,
  );
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The documents of a YAML file, to be edited with what stands around them. */
export async function readDocuments(path: string): Promise<Document[]> {
  const found = parseAllDocuments(await readFile(path, 'utf8'));
  const documents = Array.isArray(found) ? found.filter((one) => isDocument(one)) : [];
  const [wrong] = documents.flatMap(({ errors }) => errors);
  if (!wrong) return documents.length > 0 ? documents : [new Document({})];
  throw new FleetError('invalid-configuration', `${path}: ${wrong.message}`, {
    hint: 'mend it, and run again',
  });
}

/** Documents as the text of a file; comments stay, lines are not folded. */
export function writeDocuments(documents: readonly Document[]): string {
  return documents.map((one) => one.toString({ lineWidth: 0 })).join('---\n');
}

/** Edits the one document of a configuration file. */
export async function editConfiguration(
  path: string,
  edit: (document: Document) => void,
): Promise<void> {
  const [document] = await readDocuments(path);
  if (!document) return;
  const before = writeDocuments([document]);
  edit(document);
  const after = writeDocuments([document]);
  if (after !== before) await replaceFile(path, after);
}
