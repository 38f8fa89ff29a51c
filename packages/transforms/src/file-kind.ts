/** What a file is, as far as transforms care: told from its name alone. */
export type FileKind = 'markdown' | 'yaml' | 'json' | 'jsonc' | 'text' | 'other' | CodeKind;

/** Formats of which only the comment syntax matters, named for it. */
export type CodeKind = 'hash' | 'slash' | 'dash' | 'semicolon' | 'markup' | 'style' | 'batch';

const kinds: ReadonlyMap<string, FileKind> = new Map(
  Object.entries({
    markdown: 'md markdown mdown mkd mkdn mdwn mdc',
    yaml: 'yml yaml',
    json: 'json geojson webmanifest',
    jsonc: 'jsonc json5',
    text: 'txt text',
    hash: 'sh bash zsh fish py rb pl toml r jl tf hcl nix mk cmake properties conf dockerfile makefile gitignore gitattributes dockerignore editorconfig env codeowners',
    slash:
      'js mjs cjs jsx ts mts cts tsx java kt kts scala go rs c h cc cpp hpp cs swift dart php proto groovy scss less',
    dash: 'sql lua hs elm ada',
    semicolon: 'ini lisp clj asm',
    markup: 'html htm xml svg xhtml vue',
    style: 'css',
    batch: 'bat cmd',
  }).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind as FileKind] as const)),
);

/** A file's kind by its extension, or, for names like `Dockerfile` and `.gitignore`, by its name. */
export function fileKind(path: string): FileKind {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return kinds.get(name.slice(name.lastIndexOf('.') + 1)) ?? 'other';
}
