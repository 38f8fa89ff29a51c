// Stands between the start of the program, which loads no library, and the library.
export { redact, redactValue } from '@holdfast/git';
