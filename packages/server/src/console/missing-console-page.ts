import type { ServerResponse } from 'node:http';
import type { ConsoleBuildState } from './console-ports.ts';

/** The page in place of a console that is not there (yet). */
export function sendConsoleMissing(response: ServerResponse, state: ConsoleBuildState): void {
  const isBuilding = state.kind !== 'failed';
  const text = isBuilding
    ? 'The console is being built. This page reloads by itself in a moment.'
    : `The console could not be built, so there is only the API here. ${state.reason}`;
  response.statusCode = 503;
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  if (isBuilding) response.setHeader('retry-after', '2');
  response.end(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Holdfast</title>${isBuilding ? '<meta http-equiv="refresh" content="2">' : ''}</head>
<body><main><h1>Holdfast</h1><p>${escapeText(text)}</p></main></body>
</html>
`);
}

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
