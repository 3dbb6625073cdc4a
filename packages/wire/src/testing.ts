/** For tests of whoever hosts services on the wire: a real server on a free port, with known credentials, and signed requests. */
export { type RequestToSign, signedRequest } from './testing/signed-request.ts';
export { type TestWire, type TestWireOptions, testWire } from './testing/test-wire.ts';
