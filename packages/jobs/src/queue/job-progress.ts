/** What a running job tells about itself; members that are left out keep their value. */
export interface JobProgress {
  readonly bytesTransferred?: number;
  /** 0 to 100. */
  readonly percentDone?: number;
  /** In ms since the epoch. */
  readonly expectedCompletionAt?: number;
}
