import type { ForgeLimits } from '../port/forge-limits.js';

/** Forgejo's limits: titles 255, labels 50; bodies are bounded by its database alone, so GitHub's measure is kept. */
export const forgejoLimits: ForgeLimits = {
  title: 255,
  body: 65_536,
  label: 50,
  labels: 100,
  reviewers: 50,
};
