/** Headers that hold a browser back, whatever the page contains. */
import type { ServerResponse } from 'node:http';

const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers of the API are data: opened as a page, they may do nothing at all. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

function setCommon(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
}

/** For pages and files of the console. */
export function setPageHeaders(response: ServerResponse): void {
  setCommon(response);
  response.setHeader('content-security-policy', PAGE_POLICY);
  response.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
}

/** For answers of the API: content of a backup must never run as a page of this origin. */
export function setDataHeaders(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('content-security-policy', DATA_POLICY);
}
