import type { ForgeLimits } from '../port/forge-limits.js';

/** GitHub's limits: titles and bodies as its messages name them, 50 characters a label, 15 reviewers. */
export const githubLimits: ForgeLimits = {
  title: 256,
  body: 65_536,
  label: 50,
  labels: 100,
  reviewers: 15,
};
