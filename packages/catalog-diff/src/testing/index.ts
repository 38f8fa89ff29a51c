export {
  assertCatalogsMatch,
  diffCatalogs,
  loadDescriptors,
  loadIntended,
  loadLive,
} from './catalog-helpers.js';
