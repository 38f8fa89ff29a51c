import { encodeText } from '@holdfast/text';
import type { Project } from '../project.js';
import { createSourceFile, type SourceFile } from '../read/source-file.js';
import type { FileChange } from './file-change.js';

/** The project as it will be when the changes are made. */
export function applyInMemory(project: Project, changes: readonly FileChange[]): Project {
  const files = new Map(project.files);
  const workflows = new Map(project.workflows);
  const folders = new Set(project.folders);
  let { definition } = project;
  for (const change of changes) {
    const file = changedFile(change, files);
    if (change.kind === 'move') files.delete(change.from);
    if (file.path === definition.path) definition = file;
    else if (isWorkflow(file.path)) workflows.set(file.path, file);
    else files.set(file.path, file);
    for (const folder of parentsOf(file.path)) folders.add(folder);
  }
  return { ...project, definition, files, workflows, folders };
}

function changedFile(change: FileChange, files: ReadonlyMap<string, SourceFile>): SourceFile {
  const text = change.kind === 'move' ? (files.get(change.from)?.text ?? '') : change.after;
  return createSourceFile(change.path, encodeText(text));
}

function isWorkflow(path: string): boolean {
  return /^(?:\.\.\/)*\.github\/workflows\//.test(path);
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
