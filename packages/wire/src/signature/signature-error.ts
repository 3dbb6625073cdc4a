/** Why a request's signature was refused; the protocols have different names for the same reason. */

export type SignatureProblem =
  | 'missingToken'
  | 'incompleteSignature'
  | 'signatureMismatch'
  | 'unknownKey'
  | 'expiredToken'
  | 'requestExpired';

export class SignatureError extends Error {
  override readonly name = 'SignatureError';
  readonly problem: SignatureProblem;

  constructor(problem: SignatureProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}
