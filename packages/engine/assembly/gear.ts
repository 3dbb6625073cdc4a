// Gear-hash cut points, compiled to WebAssembly by build-gear.ts. Defined by docs/format/chunking.md.
// Memory: bytes 0 to 2047 hold the gear table (256 x u64); the host places data behind it.

/**
 * Length of the chunk that begins at `start`, looking at no more than `available` bytes; 0 when no cut was found within
 * them (then the caller brings more bytes, or takes the rest at the end of the stream).
 */
export function nextCut(start: usize, available: u32, min: u32, avgBits: u32, max: u32): u32 {
  const limit: u32 = available < max ? available : max;
  if (limit < min) return 0;
  const avg: u32 = 1 << avgBits;
  const strict: u64 = ~(u64.MAX_VALUE >> (avgBits + 1));
  const loose: u64 = ~(u64.MAX_VALUE >> (avgBits - 1));
  let hash: u64 = 0;
  let at: usize = start + min - 64;
  const firstTest: usize = start + min - 1;
  while (at < firstTest) {
    hash = (hash << 1) + load<u64>((<usize>load<u8>(at)) << 3);
    at++;
  }
  const strictEnd: usize = start + (limit < avg ? limit : avg - 1);
  while (at < strictEnd) {
    hash = (hash << 1) + load<u64>((<usize>load<u8>(at)) << 3);
    at++;
    if (!(hash & strict)) return <u32>(at - start);
  }
  const end: usize = start + limit;
  while (at < end) {
    hash = (hash << 1) + load<u64>((<usize>load<u8>(at)) << 3);
    at++;
    if (!(hash & loose)) return <u32>(at - start);
  }
  return limit === max ? max : 0;
}
