import { CliError } from '../cli-error.js';

export interface InitInput {
  readonly yes?: true;
  readonly namespace?: string;
  readonly source?: string;
  readonly releaseTags?: string;
  readonly target?: readonly string[];
  readonly targetPath?: string;
  /** The configuration of another tool, to carry over. */
  readonly from?: string;
}

/** A repository that receives files. */
export interface InitTarget {
  /** Like `org/webapp`. */
  readonly name: string;
  /** Its path, relative to the configuration, or its URL. */
  readonly location: string;
}

/** What `init` needs to know. */
export interface InitAnswers {
  readonly namespace: string;
  readonly branch: string;
  /** The pattern of the tags that are releases. */
  readonly releaseTags: string;
  /** `on_change` where there is no release yet. */
  readonly frequency: 'on_release' | 'on_change';
  /** A glob for the files to deliver. */
  readonly source: string;
  readonly targets: readonly [InitTarget, ...InitTarget[]];
  readonly targetPath: string;
  /** How the documents write links, where a site generator's configuration says so. */
  readonly links?: string;
  /** What becomes of links to what is not delivered: a permalink needs a source on the web. */
  readonly undeliveredLinks: 'strip' | 'permalink';
}

/** `org/webapp=../webapp.git`: the name of a target, and where it is. */
export function readTarget(text: string): InitTarget {
  const equals = text.indexOf('=');
  if (equals < 1 || equals === text.length - 1) {
    throw new CliError(
      'bad-argument',
      `--target must be like org/webapp=../webapp.git, got ${JSON.stringify(text)}`,
    );
  }
  return { name: text.slice(0, equals).trim(), location: text.slice(equals + 1).trim() };
}
