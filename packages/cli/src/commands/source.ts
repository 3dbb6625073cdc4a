import { resolve } from 'node:path';
import { adminCall, adminPages } from '../admin-client.ts';
import type { Discovery, Finding, Source } from '../admin-types.ts';
import { type ConnectionFlags, findConnection } from '../connection.ts';
import { parseKeyValues } from '../key-values.ts';
import { printJson, printLine, printTable } from '../output.ts';

interface JsonFlag {
  readonly json?: boolean;
}

interface AddFlags extends JsonFlag {
  readonly path?: string;
  readonly restorePath?: string;
  readonly tag?: readonly string[];
  readonly set?: readonly string[];
}

/** `holdfast source add`: relative paths mean the caller's directory, so they are made absolute here. */
export async function addSource(globals: ConnectionFlags, kind: string, name: string, flags: AddFlags): Promise<void> {
  const connection = await findConnection(globals);
  const settings = {
    ...(flags.path === undefined ? {} : { path: resolve(flags.path) }),
    ...(flags.restorePath === undefined ? {} : { restorePath: resolve(flags.restorePath) }),
    ...typedSettings(parseKeyValues(flags.set, '--set')),
  };
  const body = { Kind: kind, Settings: settings, Tags: parseKeyValues(flags.tag, '--tag') };
  const answer = await adminCall<{ Source: Source; Discovery?: Discovery }>(connection, {
    method: 'PUT',
    path: ['sources', name],
    body,
  });
  const { Source: source, Discovery: discovery } = answer;
  if (flags.json) {
    printJson({ ...presentSource(source), resourcesFound: discovery?.Found ?? 0 });
    return;
  }
  printLine(
    `source ${name} added, ${discovery?.Found ?? 0} ${discovery?.Found === 1 ? 'resource' : 'resources'} found`,
  );
  if (source.Status === 'unreachable')
    printLine(`it cannot be reached now: ${source.StatusMessage ?? 'no reason given'}`);
  else printLine('next: holdfast resource list');
}

/** Numbers, booleans and JSON stand for themselves, everything else is text. */
function typedSettings(pairs: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(pairs).map(([key, text]) => [key, typed(text)]));
}

function typed(text: string): unknown {
  if (!/^(true|false|-?\d+(\.\d+)?|[[{].*[\]}])$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export async function listSources(globals: ConnectionFlags, flags: JsonFlag): Promise<void> {
  const connection = await findConnection(globals);
  const sources: Source[] = [];
  for await (const each of adminPages<Source>(connection, { method: 'GET', path: ['sources'] }, 'Sources'))
    sources.push(each);
  if (flags.json) {
    printJson(sources.map(presentSource));
    return;
  }
  printTable(
    ['NAME', 'KIND', 'STATUS', 'WHERE'],
    sources.map((each) => [
      each.Name,
      each.Kind,
      each.Status,
      String(each.Settings['path'] ?? each.StatusMessage ?? ''),
    ]),
    'no sources yet; add one with: holdfast source add directory <name> --path <directory>',
  );
}

export async function removeSource(globals: ConnectionFlags, name: string, flags: JsonFlag): Promise<void> {
  const connection = await findConnection(globals);
  await adminCall(connection, { method: 'DELETE', path: ['sources', name] });
  if (flags.json) printJson({ name, removed: true });
  else printLine(`source ${name} removed; its recovery points stay`);
}

/** `holdfast source check`: exit code 1 when a finding stands in the way of backups. */
export async function checkSource(globals: ConnectionFlags, name: string, flags: JsonFlag): Promise<void> {
  const connection = await findConnection(globals);
  const request = { method: 'POST', path: ['sources', name, 'check'], body: {} } as const;
  const { Findings: findings } = await adminCall<{ Findings: readonly Finding[] }>(connection, request);
  if (flags.json) {
    printJson(
      findings.map(({ What, Ok, Advisory, Hint }) => ({ what: What, ok: Ok, advisory: Advisory ?? false, hint: Hint })),
    );
  } else {
    for (const { What, Ok, Advisory, Hint } of findings) {
      printLine(`${Ok ? 'ok  ' : Advisory ? 'note' : 'FAIL'}  ${What}${Hint === undefined ? '' : `\n      ${Hint}`}`);
    }
  }
  if (findings.some(({ Ok, Advisory }) => !Ok && Advisory !== true)) process.exitCode = 1;
}

function presentSource(source: Source) {
  return {
    name: source.Name,
    kind: source.Kind,
    settings: source.Settings,
    tags: source.Tags,
    status: source.Status,
    ...(source.StatusMessage === undefined ? {} : { statusMessage: source.StatusMessage }),
  };
}
