import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { repositoryRoot, startHoldfast } from '../support/running-server.ts';

const SHELL_BUDGET_BYTES = 300 * 1024;
const source = join(repositoryRoot, 'packages', 'console');

test('the shell is at most 300 KB of compressed script; the pages come in pieces of their own', async (t) => {
  const server = await startHoldfast(t);
  const page = await builtPage(server.url);
  const scripts = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path = '']) => path);
  assert.ok(scripts.length > 0, page);
  let size = 0;
  for (const path of scripts) size += gzipSync(readFileSync(join(source, 'dist', path))).length;
  assert.ok(size <= SHELL_BUDGET_BYTES, `${size} bytes in ${scripts.length} scripts`);
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)/, 'no script stands in the page itself');
  const pieces = globSync('assets/*-page-*.js', { cwd: join(source, 'dist') });
  assert.ok(pieces.length > 25, `${pieces.length} pages`);
});

test('both languages have the same texts, and every text that the console asks for is there', () => {
  const [english, japanese] = ['en', 'ja'].map((language) => new Set(keysOf(language)));
  assert.ok(english !== undefined && japanese !== undefined);
  assert.deepEqual([...english].sort(), [...japanese].sort());
  const missing: string[] = [];
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: source })) {
    for (const [, key = ''] of readFileSync(join(source, file), 'utf8').matchAll(/\bt\('([\w.-]+)'/g)) {
      if (!english.has(key) && !english.has(`${key}_other`)) missing.push(`${file}: ${key}`);
    }
  }
  assert.deepEqual(missing, []);
});

/** A console that is older than its sources is built while the server starts. */
async function builtPage(url: string): Promise<string> {
  for (;;) {
    const response = await fetch(`${url}/assets/`, { headers: { accept: 'text/html' } });
    await response.text();
    const index = globSync('dist/index.html', { cwd: source })[0];
    if (index !== undefined && globSync('dist.lock', { cwd: source }).length === 0) {
      return readFileSync(join(source, index), 'utf8');
    }
    await pause(250);
  }
}

function keysOf(language: string): readonly string[] {
  const folder = join(source, 'src', 'i18n', language);
  return globSync('*.json', { cwd: folder }).flatMap((file) => {
    const texts = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Texts;
    return leaves(texts, file.slice(0, -'.json'.length));
  });
}

interface Texts {
  readonly [key: string]: string | Texts;
}

function leaves(texts: Texts, path: string): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${path}.${key}`] : leaves(value, `${path}.${key}`),
  );
}
