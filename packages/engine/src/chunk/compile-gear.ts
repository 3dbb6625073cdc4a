import asc from 'assemblyscript/asc';

/**
 * Compiles the chunker's AssemblyScript source to WebAssembly. Used to rebuild `gear-module.ts` and to prove in a test
 * that it is current; never at run time.
 */
export async function compileGear(source: string): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  let messages = '';
  const { error } = await asc.main(
    [
      'gear.ts',
      '--outFile',
      'gear.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--importMemory',
      '--memoryBase',
      '0',
    ],
    {
      readFile: (name) => (name === 'gear.ts' ? source : null),
      writeFile: (name, contents) => {
        if (name === 'gear.wasm') binary = contents as Uint8Array;
      },
      listFiles: () => [],
      stderr: {
        write(chunk: string | Uint8Array) {
          messages += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
        },
      },
    },
  );
  if (error !== null || binary === undefined)
    throw new Error(`gear.ts does not compile: ${messages}`, { cause: error });
  return binary;
}
