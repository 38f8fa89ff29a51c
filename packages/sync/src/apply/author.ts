import type { Configuration } from '@holdfast/manifest';
import type { Signature } from '../ports.js';

type Author = Pick<Signature, 'name' | 'email'>;

const HOLDFAST: Author = { name: 'Holdfast', email: 'holdfast@holdfast.invalid' };

/** Who the commits of a sync are by: as the configuration says, or Holdfast itself. */
export function authorOf({ author = HOLDFAST }: Pick<Configuration, 'author'>): Author {
  return author;
}

/** Whether a commit bears the author of today, or the one that it had before one was configured. */
export function isAuthor({ email }: Author, author: Author): boolean {
  return email === author.email || email === HOLDFAST.email;
}
