import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import DateInput from '@cloudscape-design/components/date-input';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../../components/format.ts';
import { Time } from '../../components/time.tsx';
import { isRestorable, localParts, momentOf, type RestorableWindow, type WantedMoment } from './point-in-time.ts';
import { Timeline } from './timeline.tsx';

/** More gaps than anybody reads one by one. */
const MOST_GAPS = 10;

interface PointInTimeFieldProps {
  readonly window: RestorableWindow;
  readonly wanted: WantedMoment;
  readonly onChange: (wanted: WantedMoment) => void;
}

/** The moment to restore: the latest, or any second on a timeline that shows what cannot be restored. */
export function PointInTimeField({ window, wanted, onChange }: PointInTimeFieldProps) {
  const { t, i18n } = useTranslation();
  const [parts, setParts] = useState(() => localParts(typeof wanted === 'number' ? wanted : window.latestAt));
  const typed = momentOf(parts);
  const choose = (next: typeof parts): void => {
    setParts(next);
    const moment = momentOf(next);
    onChange(moment !== undefined && isRestorable(window, moment) ? moment : undefined);
  };
  const show = (moment: number): string => formatTime(new Date(moment), i18n.language);
  const refusal =
    wanted !== undefined ? undefined : isInside(window, typed) ? t('restore.inGap') : t('restore.outside');
  return (
    <Container header={<Header variant="h2">{t('restore.pointInTime')}</Header>}>
      <SpaceBetween size="l">
        <Box>
          {t(window.gaps.length === 0 ? 'restore.window' : 'restore.windowWithGaps')}{' '}
          <Time at={new Date(window.earliestAt)} /> - <Time at={new Date(window.latestAt)} />
        </Box>
        {window.gaps.length > 0 && <Gaps window={window} />}
        <RadioGroup
          ariaLabel={t('restore.pointInTime')}
          value={wanted === 'latest' ? 'latest' : 'moment'}
          items={[
            { value: 'latest', label: t('restore.latest'), description: show(window.latestAt) },
            { value: 'moment', label: t('restore.moment'), description: t('restore.momentHint') },
          ]}
          onChange={({ detail }) => {
            const at = typeof wanted === 'number' ? wanted : window.latestAt;
            setParts(localParts(at));
            onChange(detail.value === 'latest' ? 'latest' : at);
          }}
        />
        {wanted !== 'latest' && (
          <SpaceBetween size="m">
            {window.latestAt > window.earliestAt && (
              <Timeline window={window} at={typed} onChange={(moment) => choose(localParts(moment))} />
            )}
            <div className="holdfast-inline">
              <FormField label={t('restore.date')} constraintText="YYYY/MM/DD">
                <DateInput
                  value={parts.date.replaceAll('-', '/')}
                  invalid={refusal !== undefined}
                  placeholder="YYYY/MM/DD"
                  onChange={({ detail }) => choose({ ...parts, date: detail.value.replaceAll('/', '-') })}
                />
              </FormField>
              <FormField
                label={t('restore.time')}
                constraintText={t('restore.zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
                errorText={refusal}
              >
                <TimeInput
                  value={parts.time}
                  format="hh:mm:ss"
                  placeholder="hh:mm:ss"
                  onChange={({ detail }) => choose({ ...parts, time: detail.value })}
                />
              </FormField>
            </div>
          </SpaceBetween>
        )}
      </SpaceBetween>
    </Container>
  );
}

/** When the log was broken, and what that means. */
function Gaps({ window: { gaps } }: { readonly window: RestorableWindow }) {
  const { t } = useTranslation();
  return (
    <Alert type="warning" header={t('restore.gapsTitle')}>
      {t('restore.gapsMeaning')}
      <ul>
        {gaps.slice(-MOST_GAPS).map(({ fromAt, untilAt }) => (
          <li key={fromAt}>
            <Time at={new Date(fromAt)} /> - <Time at={new Date(untilAt)} />
          </li>
        ))}
      </ul>
      {gaps.length > MOST_GAPS && t('restore.moreGaps', { count: gaps.length - MOST_GAPS })}
    </Alert>
  );
}

function isInside({ earliestAt, latestAt }: RestorableWindow, moment: number | undefined): boolean {
  return moment !== undefined && earliestAt <= moment && moment <= latestAt;
}
