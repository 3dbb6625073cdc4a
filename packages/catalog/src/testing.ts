export { forEachDatabase, type OpenTestCatalog } from './testing/for-each-database.ts';
