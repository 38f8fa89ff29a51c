import type { ForgeClient } from '../client/forge-client.js';

/** A project on GitLab, and the client that speaks for it. */
export interface GitlabContext {
  readonly client: ForgeClient;
  /** `group/sub/name`. */
  readonly project: string;
}

/** The path of something below a project, which is named by its encoded path. */
export function projectPath({ project }: GitlabContext, below = ''): string {
  return `/projects/${encodeURIComponent(project)}${below}`;
}
