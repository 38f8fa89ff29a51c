import { CliError } from '../cli-error.js';

export interface InitInput {
  readonly yes?: true;
  readonly namespace?: string;
  readonly source?: string;
  readonly target?: string;
  readonly targetPath?: string;
  /** The configuration of another tool, to carry over. */
  readonly from?: string;
}

/** What `init` needs to know. */
export interface InitAnswers {
  readonly namespace: string;
  readonly branch: string;
  /** The pattern of the tags that are releases. */
  readonly releaseTags: string;
  /** A glob for the files to deliver. */
  readonly source: string;
  /** The first target's name, like `org/webapp`. */
  readonly target: string;
  /** Its path, relative to the configuration, or its URL. */
  readonly location: string;
  readonly targetPath: string;
}

/** `org/webapp=../webapp.git`: the name of a target, and where it is. */
export function readTarget(text: string): Pick<InitAnswers, 'target' | 'location'> {
  const equals = text.indexOf('=');
  if (equals < 1 || equals === text.length - 1) {
    throw new CliError(
      'bad-argument',
      `--target must be like org/webapp=../webapp.git, got ${JSON.stringify(text)}`,
    );
  }
  return { target: text.slice(0, equals), location: text.slice(equals + 1) };
}
