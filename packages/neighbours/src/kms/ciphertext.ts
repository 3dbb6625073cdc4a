import { invalidCiphertext } from './kms-errors.ts';

/**
 * A ciphertext as clients hold it: it names its key, so that decrypting needs no key ID. Layout: version 1 (u8),
 * length of the ARN (u16), ARN, version of the key material (u32, 0 for external keys), then the sealed bytes.
 */
export interface Ciphertext {
  readonly keyArn: string;
  readonly materialVersion: number;
  readonly sealed: Uint8Array;
}

const VERSION = 1;
const FIXED_BYTES = 1 + 2 + 4;

export function encodeCiphertext({ keyArn, materialVersion, sealed }: Ciphertext): Uint8Array {
  const arn = Buffer.from(keyArn);
  const head = Buffer.alloc(FIXED_BYTES + arn.length);
  head.writeUInt8(VERSION, 0);
  head.writeUInt16BE(arn.length, 1);
  arn.copy(head, 3);
  head.writeUInt32BE(materialVersion, 3 + arn.length);
  return Buffer.concat([head, sealed]);
}

/** @throws ServiceError InvalidCiphertextException */
export function decodeCiphertext(bytes: Uint8Array): Ciphertext {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < FIXED_BYTES || buffer.readUInt8(0) !== VERSION) throw invalidCiphertext();
  const arnEnd = 3 + buffer.readUInt16BE(1);
  if (buffer.length < arnEnd + 4) throw invalidCiphertext();
  return {
    keyArn: buffer.subarray(3, arnEnd).toString(),
    materialVersion: buffer.readUInt32BE(arnEnd),
    sealed: buffer.subarray(arnEnd + 4),
  };
}
