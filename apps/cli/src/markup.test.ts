import { expect, test } from 'vitest';
import { bold, padEnd, red, renderMarkup, widthOf } from './markup.js';

test('styles become escape sequences, or nothing', () => {
  const text = `${bold(`a ${red('b')}`)} c`;
  expect(renderMarkup(text, { color: true })).toBe('\x1b[1ma \x1b[31mb\x1b[39m\x1b[22m c');
  expect(renderMarkup(text, { color: false })).toBe('a b c');
});

test.each([
  ['an escape sequence', '\x1b]0;title\x07', '\\x1b]0;title\\x07'],
  ['a carriage return', 'good\rbad', 'good\\x0dbad'],
  ['a backspace', 'ab\b', 'ab\\x08'],
  ['a C1 control', '\x9b31m', '\\x9b31m'],
  ['a reversal of the text', 'exe\u202egpj', 'exe\\u202egpj'],
  ['line ends and tabs', 'a\r\n\tb\n', 'a\n\tb\n'],
])('makes %s visible', (_name, text, expected) => {
  expect(renderMarkup(text, { color: false })).toBe(expected);
});

test('a width counts what is seen', () => {
  expect(widthOf(red('äöü'))).toBe(3);
  expect(renderMarkup(`${padEnd(red('ab'), 4)}|`, { color: false })).toBe('ab  |');
});
