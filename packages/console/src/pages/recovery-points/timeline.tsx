import FormField from '@cloudscape-design/components/form-field';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../../components/format.ts';
import type { RestorableWindow } from './point-in-time.ts';

interface TimelineProps {
  readonly window: RestorableWindow;
  /** The chosen moment; undefined while what was typed is none. */
  readonly at: number | undefined;
  readonly onChange: (moment: number) => void;
}

/** The window as a line on which a second is chosen; gaps are drawn where the log is missing. */
export function Timeline({ window: { earliestAt, latestAt, gaps }, at, onChange }: TimelineProps) {
  const { t, i18n } = useTranslation();
  const show = (moment: number): string => formatTime(new Date(moment), i18n.language);
  const spanMs = latestAt - earliestAt;
  const value = Math.min(latestAt, Math.max(earliestAt, at ?? latestAt));
  return (
    <FormField label={t('restore.timeline')} description={at === undefined ? '-' : show(at)} stretch>
      <div className="holdfast-timeline">
        <div className="holdfast-timeline-track">
          {gaps.map(({ fromAt, untilAt }) => (
            <div
              key={fromAt}
              className="holdfast-timeline-gap"
              title={t('restore.gap', { from: show(fromAt), until: show(untilAt) })}
              style={{
                insetInlineStart: `${(100 * (fromAt - earliestAt)) / spanMs}%`,
                inlineSize: `${(100 * (untilAt - fromAt)) / spanMs}%`,
              }}
            />
          ))}
        </div>
        <input
          type="range"
          min={earliestAt}
          max={latestAt}
          step={1000}
          value={value}
          aria-label={t('restore.timeline')}
          aria-valuetext={show(value)}
          onChange={({ target }) => onChange(Number(target.value))}
        />
        <div className="holdfast-timeline-ends">
          <span>{show(earliestAt)}</span>
          <span>{show(latestAt)}</span>
        </div>
      </div>
    </FormField>
  );
}
