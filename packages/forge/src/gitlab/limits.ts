import type { ForgeLimits } from '../port/forge-limits.js';

/** GitLab's limits: titles and labels 255, bodies 1,048,576, reviewers 200 where the tier allows more than one. */
export const gitlabLimits: ForgeLimits = {
  title: 255,
  body: 1_048_576,
  label: 255,
  labels: 100,
  reviewers: 100,
};
