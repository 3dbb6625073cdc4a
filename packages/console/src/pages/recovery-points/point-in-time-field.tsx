import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import DateInput from '@cloudscape-design/components/date-input';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Slider from '@cloudscape-design/components/slider';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '../../components/format.ts';
import { Time } from '../../components/time.tsx';
import { localParts, momentOf, type RestorableWindow, type WantedMoment } from './point-in-time.ts';

interface PointInTimeFieldProps {
  readonly window: RestorableWindow;
  readonly wanted: WantedMoment;
  readonly onChange: (wanted: WantedMoment) => void;
}

/** The moment to restore: the latest, or any second between the two ends of a timeline. */
export function PointInTimeField({ window, wanted, onChange }: PointInTimeFieldProps) {
  const { t, i18n } = useTranslation();
  const [parts, setParts] = useState(() => localParts(wanted === 'latest' ? window.latestAt : wanted));
  const typed = momentOf(parts);
  const isOutside = typed === undefined || typed < window.earliestAt || typed > window.latestAt;
  const at = wanted === 'latest' ? window.latestAt : wanted;
  const choose = (next: typeof parts): void => {
    setParts(next);
    const moment = momentOf(next);
    if (moment !== undefined && moment >= window.earliestAt && moment <= window.latestAt) onChange(moment);
  };
  const show = (moment: number): string => formatTime(new Date(moment), i18n.language);
  const spanMs = window.latestAt - window.earliestAt;
  return (
    <Container header={<Header variant="h2">{t('restore.pointInTime')}</Header>}>
      <SpaceBetween size="l">
        <Box>
          {t('restore.window')} <Time at={new Date(window.earliestAt)} /> - <Time at={new Date(window.latestAt)} />
        </Box>
        <RadioGroup
          ariaLabel={t('restore.pointInTime')}
          value={wanted === 'latest' ? 'latest' : 'moment'}
          items={[
            { value: 'latest', label: t('restore.latest'), description: show(window.latestAt) },
            { value: 'moment', label: t('restore.moment'), description: t('restore.momentHint') },
          ]}
          onChange={({ detail }) => {
            setParts(localParts(at));
            onChange(detail.value === 'latest' ? 'latest' : at);
          }}
        />
        {wanted !== 'latest' && (
          <SpaceBetween size="m">
            {spanMs > 0 && (
              <FormField label={t('restore.timeline')} description={show(at)} stretch>
                <Slider
                  value={at}
                  min={window.earliestAt}
                  max={window.latestAt}
                  step={1000}
                  ariaLabel={t('restore.timeline')}
                  valueFormatter={show}
                  onChange={({ detail }) => choose(localParts(detail.value))}
                />
              </FormField>
            )}
            <FormField
              label={t('restore.dateAndTime')}
              constraintText={t('restore.zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
              errorText={isOutside ? t('restore.outside') : undefined}
            >
              <div className="holdfast-inline">
                <DateInput
                  value={parts.date.replaceAll('-', '/')}
                  ariaLabel={t('restore.date')}
                  placeholder="YYYY/MM/DD"
                  onChange={({ detail }) => choose({ ...parts, date: detail.value.replaceAll('/', '-') })}
                />
                <TimeInput
                  value={parts.time}
                  format="hh:mm:ss"
                  ariaLabel={t('restore.time')}
                  placeholder="hh:mm:ss"
                  onChange={({ detail }) => choose({ ...parts, time: detail.value })}
                />
              </div>
            </FormField>
          </SpaceBetween>
        )}
      </SpaceBetween>
    </Container>
  );
}
