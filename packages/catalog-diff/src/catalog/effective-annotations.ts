import { ownValue, type Json } from '../schema/json.js';
import type { Tool } from './tool.js';

/** What a client takes a tool for, the protocol's defaults applied. */
export interface EffectiveAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/**
 * The hints of a tool as the protocol reads them (MCP, `ToolAnnotations`): without a word a tool may write, destroy and
 * reach out; what only reads neither destroys nor differs when it is repeated.
 */
export function effectiveAnnotations({ annotations = {} }: Tool): EffectiveAnnotations {
  const flag = (name: string, fallback: boolean): boolean => {
    const value: Json | undefined = ownValue(annotations, name);
    return typeof value === 'boolean' ? value : fallback;
  };
  const readOnlyHint = flag('readOnlyHint', false);
  return {
    readOnlyHint,
    destructiveHint: !readOnlyHint && flag('destructiveHint', true),
    idempotentHint: readOnlyHint || flag('idempotentHint', false),
    openWorldHint: flag('openWorldHint', true),
  };
}
