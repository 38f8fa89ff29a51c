import { describe, expect, it } from 'vitest';
import { isTemplateBlock } from './classify-block.js';
import { defaultLimits } from './limits.js';

describe('templates and fragments', () => {
  it.each<['json' | 'yaml', string]>([
    ['json', '{"a": {{ value }}, "b": "{{ c }}"}'],
    ['json', '{"a": ${A}, "b": <count>}'],
    ['json', '{\n  "a": [ ... ],\n  "b": {...},\n  ...\n}'],
    ['json', '{ ..., "a": 1 }'],
    ['json', '{"a": ...}'],
    ['json', '{"a": "x" | "y" | null}'],
    ['json', '// a comment\n{"a": 1}'],
    ['json', '"a": 1,\n"b": {"c": 2},'],
    ['json', '{"a": 1}\n\n{"b": 2}'],
    ['yaml', 'a: {{ value }}\nb: ${C}x'],
    ['yaml', 'a: [b] | "*"'],
    ['yaml', 'a: 1\n\n# another\na: 2'],
    ['yaml', '{% if a %}\nb: 1\n{% endif %}'.replaceAll('\n', '')],
  ])('%s %j', (format, content) => {
    expect(isTemplateBlock(content, format, defaultLimits)).toBe(true);
  });
});

describe('broken blocks', () => {
  it.each<['json' | 'yaml', string]>([
    ['json', '{"a": 1 "b": 2}'],
    ['json', '{"a": tru, "b": ...}'],
    ['json', '{"a": [1, 2}'],
    ['json', '{"a": 1, "a": 2}'],
    ['yaml', 'a: [1\nb: {{ x }}'],
    ['yaml', 'a: "x" (or y)'],
    ['yaml', 'a: 1\na: 2'],
    ['yaml', `a: [1\n${'# long\n'.repeat(10_000)}`],
  ])('%s %.60j', (format, content) => {
    expect(isTemplateBlock(content, format, defaultLimits)).toBe(false);
  });
});
