import { implement, type RequestContext, ServiceError, type ServiceImplementation } from '@holdfast/wire';
import { sts } from '@holdfast/wire/sts';
import { parseIdentityArn } from '../identity/identity-arn.ts';
import { issueSession } from '../identity/issue-session.ts';
import type { SessionSubject } from '../identity/session-store.ts';
import { GLOBAL_SCOPE } from '../records/record-collection.ts';
import { assumeRole } from './assume-role.ts';
import { describeSession } from './describe-session.ts';
import type { StsPorts } from './sts-ports.ts';

const DEFAULT_SECONDS = 43_200;
const LONGEST_SECONDS = 129_600;
const LONGEST_ROOT_SECONDS = 3600;

/** The token service: who am I, and temporary credentials. */
export function createStsHandlers(ports: StsPorts): ServiceImplementation {
  return implement(sts, {
    /** Needs no permission: whoever can sign may know who they are. */
    GetCallerIdentity: async (_input, { principal }) => ({
      UserId: principal.userId,
      Account: principal.accountId,
      Arn: principal.arn,
    }),

    AssumeRole: assumeRole(ports),

    GetSessionToken: async (input, context) => {
      if (context.isTemporary) {
        throw new ServiceError('AccessDeniedException', 'Cannot call GetSessionToken with session credentials', {
          statusCode: 403,
        });
      }
      if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
        throw new ServiceError(
          'AccessDeniedException',
          'There are no MFA devices here: leave SerialNumber and TokenCode out.',
          {
            statusCode: 403,
          },
        );
      }
      const seconds = sessionSeconds(input.DurationSeconds, context);
      const session = await issueSession(ports, context.accountId, subjectOf(context), context.now, seconds);
      return { Credentials: describeSession(session) };
    },

    GetAccessKeyInfo: async (input) => {
      const key =
        (await ports.store.accessKeys.get(GLOBAL_SCOPE, input.AccessKeyId)) ??
        (await ports.sessions.get(GLOBAL_SCOPE, input.AccessKeyId));
      if (key === undefined) {
        throw new ServiceError('ValidationError', `There is no access key ${input.AccessKeyId}.`);
      }
      return { Account: key.accountId };
    },
  });
}

function subjectOf({ principal }: RequestContext): SessionSubject {
  if (principal.type === 'Root') return { type: 'root' };
  return { type: 'user', userName: parseIdentityArn(principal.arn)?.name ?? '', userId: principal.userId };
}

function sessionSeconds(wanted: number | undefined, { principal }: RequestContext): number {
  const most = principal.type === 'Root' ? LONGEST_ROOT_SECONDS : LONGEST_SECONDS;
  const seconds = wanted ?? Math.min(DEFAULT_SECONDS, most);
  if (seconds < 900 || seconds > LONGEST_SECONDS) {
    throw new ServiceError(
      'ValidationError',
      `DurationSeconds must be between 900 and ${LONGEST_SECONDS}, not ${seconds}.`,
    );
  }
  // As AWS does, a longer wish of the root is cut, not refused.
  return Math.min(seconds, most);
}
