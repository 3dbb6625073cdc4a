/** The catalog and this version of Holdfast do not fit together. The message says what to do. */
export class CatalogVersionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CatalogVersionError';
  }
}
