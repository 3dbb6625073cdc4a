import { validationError } from './iam-errors.ts';

const NAME = /^[\w+=,.@-]+$/;
const PATH = /^(\/|\/[\u0021-\u007e]+\/)$/;

/** @throws ServiceError ValidationError */
export function checkName(member: string, name: string, longest: number): void {
  if (name.length > longest || !NAME.test(name)) {
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the ` +
        `following: +=,.@_- and be at most ${longest} characters long`,
    );
  }
}

/** The path, or `/` when none was given. @throws ServiceError ValidationError */
export function checkPath(path: string | undefined): string {
  if (path === undefined) return '/';
  if (path.length > 512 || !PATH.test(path)) {
    throw validationError(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or /_-',
    );
  }
  return path;
}

/** The prefix of paths to list; all when none was given. @throws ServiceError ValidationError */
export function pathPrefix(prefix: string | undefined): string {
  if (prefix === undefined) return '/';
  if (!/^\/[\u0021-\u007e]*$/.test(prefix)) throw validationError('The specified value for pathPrefix is invalid.');
  return prefix;
}
