/**
 * Schemas in the form in which this package walks them: plain objects, worked out once per service, so that a request
 * costs no schema interpretation.
 */
import type { Constraint } from './constraint.ts';

export type TimestampFormat = 'dateTime' | 'httpDate' | 'epochSeconds';

export type ScalarKind = 'string' | 'number' | 'boolean' | 'blob' | 'stream' | 'document' | 'bigInteger' | 'bigDecimal';

export type Shape = ScalarShape | TimestampShape | ListShape | MapShape | StructureShape;

export interface ScalarShape {
  readonly kind: ScalarKind;
}

export interface TimestampShape {
  readonly kind: 'timestamp';
  /** Absent: whatever the place in the message wants. */
  readonly format: TimestampFormat | undefined;
}

export interface ListShape {
  readonly kind: 'list';
  readonly item: Shape;
  /** Null items are allowed. */
  readonly isSparse: boolean;
  /** Element name of an item in XML and in query keys. */
  readonly itemName: string;
}

export interface MapShape {
  readonly kind: 'map';
  readonly value: Shape;
  readonly isSparse: boolean;
  readonly keyName: string;
  readonly valueName: string;
}

export interface StructureShape {
  readonly kind: 'structure';
  readonly name: string;
  readonly isUnion: boolean;
  /** Filled after creation, since structures may contain themselves. */
  members: readonly Member[];
}

/** Where a member travels in restJson1. */
export type MemberLocation = 'body' | 'label' | 'query' | 'queryMap' | 'header' | 'headerMap' | 'payload' | 'status';

export interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly isRequired: boolean;
  readonly isSensitive: boolean;
  readonly location: MemberLocation;
  /** Query parameter, lower-case header or header prefix; the member's name elsewhere. */
  readonly locationName: string;
  readonly jsonName: string;
  readonly xmlName: string;
  /** In XML and query keys, the items of the list or map stand directly in the parent. */
  readonly isFlattened: boolean;
  readonly constraint: Constraint | undefined;
}

/** An operation with its shapes. */
export interface Operation {
  readonly name: string;
  /** restJson1 only; other protocols post to `/`. */
  readonly method: string;
  readonly uriPattern: string;
  readonly successStatus: number;
  readonly input: StructureShape;
  readonly output: StructureShape;
}

/** An error with its shape. */
export interface ErrorShape {
  readonly name: string;
  readonly shape: StructureShape;
  readonly statusCode: number;
  /** Code in the query protocol. */
  readonly queryCode: string | undefined;
}
