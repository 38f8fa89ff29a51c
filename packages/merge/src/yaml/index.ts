export { mergeYaml } from './merge-yaml.js';
