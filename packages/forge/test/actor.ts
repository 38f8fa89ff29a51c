import type { Actor } from '../src/index.js';

/** Who acts in the tests. */
export const actor: Actor = { name: 'holdfast', email: 'holdfast@example.com' };
