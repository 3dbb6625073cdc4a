import assert from 'node:assert/strict';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { temporaryDirectory } from '@holdfast/testkit';
import { fc } from '@holdfast/testkit/properties';
import { secureRandomBytes } from '../identity/entity-id.ts';
import { loadMasterKey } from './load-master-key.ts';
import { MasterKey } from './master-key.ts';
import { hashPassword, isPassword } from './password-hash.ts';
import { SecretBox, UnsealError } from './secret-box.ts';

const HEX = 'ab'.repeat(32);

test('a missing master key file is made once, for its owner alone, and then read', async (t) => {
  const directory = temporaryDirectory(t, 'holdfast-secrets-');
  const file = join(directory, 'master.key');
  const made = await Promise.all([1, 2, 3].map(() => loadMasterKey({ file })));
  const again = await loadMasterKey({ file });
  for (const key of made) assert.deepEqual(key.deriveKey('x'), again.deriveKey('x'));
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(directory), ['master.key'], 'nothing half-made is left');
});

test('a master key that others can read, or that is none, is refused with what to do', async (t) => {
  const file = join(temporaryDirectory(t, 'holdfast-secrets-'), 'master.key');
  await writeFile(file, HEX, { mode: 0o600 });
  await chmod(file, 0o640);
  await assert.rejects(loadMasterKey({ file }), /chmod 600/);
  await chmod(file, 0o600);
  await writeFile(file, 'too short');
  await assert.rejects(loadMasterKey({ file }), /not 32 bytes/);
  await assert.rejects(loadMasterKey({ file, text: 'zz' }), /the environment is not 32 bytes/);
});

test('a key from the environment wins over the file, in either notation', async (t) => {
  const file = join(temporaryDirectory(t, 'holdfast-secrets-'), 'never-made.key');
  const hex = await loadMasterKey({ file, text: HEX });
  const base64 = await loadMasterKey({ file, text: `${Buffer.from(HEX, 'hex').toString('base64')}\n` });
  assert.deepEqual(hex.deriveKey('x'), base64.deriveKey('x'));
  await assert.rejects(readFile(file), { code: 'ENOENT' });
});

test('different purposes have unrelated keys, and the key shows nothing of itself', () => {
  const key = MasterKey.parse(HEX);
  assert.notDeepEqual(key.deriveKey('a'), key.deriveKey('b'));
  assert.doesNotMatch(`${JSON.stringify(key)} ${inspect(key, { showHidden: true, depth: 9 })}`, /abab|171/);
});

test('what is sealed opens with the same key for the same owner, and in no other way', () => {
  const box = new SecretBox(MasterKey.parse(HEX).deriveKey('a'), secureRandomBytes);
  const other = new SecretBox(MasterKey.parse(HEX).deriveKey('b'), secureRandomBytes);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.string(), fc.nat(), (secret, owner, position) => {
      const sealed = box.seal(secret, owner);
      assert.deepEqual(new Uint8Array(box.open(sealed, owner)), secret);
      assert.throws(() => box.open(sealed, `${owner}x`), UnsealError);
      assert.throws(() => other.open(sealed, owner), UnsealError);
      assert.throws(() => box.open(sealed.subarray(0, position % sealed.length), owner), UnsealError);
      sealed[position % sealed.length] = (sealed[position % sealed.length] ?? 0) ^ 1;
      assert.throws(() => box.open(sealed, owner), UnsealError);
    }),
    { numRuns: 200 },
  );
});

test('a password is known again, another one is not, and the hash does not contain it', async () => {
  const hash = await hashPassword('correct horse battery', secureRandomBytes);
  assert.match(hash, /^scrypt\$32768\$8\$1\$/);
  assert.equal(hash.includes('horse'), false);
  assert.equal(await isPassword('correct horse battery', hash), true);
  assert.equal(await isPassword('correct horse batterz', hash), false);
  assert.notEqual(await hashPassword('correct horse battery', secureRandomBytes), hash, 'salted');
  await assert.rejects(isPassword('x', 'plain'), /no hash/);
});
