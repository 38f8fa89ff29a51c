import { html as template } from 'htm/preact';
import type { VNode } from 'preact';

/** Preact's elements from tagged templates: every value is escaped. */
export const html = template as (strings: TemplateStringsArray, ...values: unknown[]) => VNode;
