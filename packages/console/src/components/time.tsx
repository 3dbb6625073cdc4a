import { useTranslation } from 'react-i18next';
import { dateOf, formatTime } from './format.ts';

/** A moment in the viewer's zone; hovering shows it in UTC, exactly. `at`: a Date, or seconds since the epoch. */
export function Time({ at }: { readonly at: Date | number | undefined }) {
  const { i18n } = useTranslation();
  const date = dateOf(at);
  if (date === undefined) return <>-</>;
  const utc = date.toISOString();
  return (
    <time dateTime={utc} title={`${utc.replace('T', ' ').replace('Z', '')} UTC`}>
      {formatTime(date, i18n.language)}
    </time>
  );
}
