import { useTranslation } from 'react-i18next';
import { formatBytes, formatNumber } from './format.ts';

/** A size as people read it, with the exact number of bytes on hover. */
export function Bytes({ value }: { readonly value: number | undefined }) {
  const { i18n } = useTranslation();
  if (value === undefined) return <>-</>;
  return <span title={`${formatNumber(value, i18n.language)} B`}>{formatBytes(value, i18n.language)}</span>;
}
