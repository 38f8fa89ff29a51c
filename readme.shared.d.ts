/** Runs the first code of the README of a package; gives what it printed, and what the README says. */
export function runReadme(project: URL): Promise<{ printed: string; promised: string | undefined }>;
