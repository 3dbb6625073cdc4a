export type {
  ContentSource,
  ExtendedAttribute,
  ItemEntry,
  ItemIssue,
  ItemMetadata,
  ItemPath,
  ItemRecord,
  ItemType,
  PosixMetadata,
} from './content/item-record.ts';
