import BarChart from '@cloudscape-design/components/bar-chart';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import LineChart from '@cloudscape-design/components/line-chart';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../components/error-alert.tsx';
import type { JobCounts, Outcome } from './job-counts.ts';
import { OUTCOMES } from './job-counts.ts';

const COLORS: Readonly<Record<Outcome, string>> = {
  COMPLETED: 'var(--holdfast-good)',
  COMPLETED_WITH_ISSUES: 'var(--holdfast-warning)',
  FAILED: 'var(--holdfast-bad)',
  EXPIRED: 'var(--holdfast-gone)',
};

const DAY_MS = 86_400_000;

interface JobChartsProps {
  readonly counts: JobCounts;
  readonly isLoading: boolean;
  readonly error: unknown;
}

/** Health and states over time, and where the problems are (MON-9 to MON-14). */
export function JobCharts({ counts, isLoading, error }: JobChartsProps) {
  const { t, i18n } = useTranslation();
  if (error !== null) return <ErrorAlert error={error} />;
  const day = (at: Date): string =>
    at.toLocaleDateString(i18n.language, { month: 'short', day: 'numeric', timeZone: 'UTC' });
  const statusType = isLoading ? ('loading' as const) : ('finished' as const);
  const empty = (
    <Box textAlign="center" color="text-body-secondary">
      {t('dashboard.noData')}
    </Box>
  );
  const common = { height: 220, statusType, empty, hideFilter: true };
  // A day without an outcome has no rate.
  const rate = (good: boolean) =>
    counts.days.flatMap(({ day: x, counts: each }) => {
      const all = OUTCOMES.reduce((sum, outcome) => sum + each[outcome], 0);
      const wanted = good ? each.COMPLETED + each.COMPLETED_WITH_ISSUES : each.FAILED + each.EXPIRED;
      return all === 0 ? [] : [{ x, y: Math.round((1000 * wanted) / all) / 10 }];
    });
  const rated = rate(true);
  // A single point draws no line: it gets one that is as long as a day.
  const asLine = (points: typeof rated) =>
    points.length === 1
      ? points.flatMap(({ x, y }) => [
          { x: new Date(x.getTime() - DAY_MS), y },
          { x, y },
        ])
      : points;
  const [first, last] = [counts.days[0]?.day, counts.days.at(-1)?.day];
  const ranking = (entries: readonly (readonly [string, number])[], title: string) => (
    <BarChart
      {...common}
      ariaLabel={title}
      horizontalBars
      hideLegend
      xScaleType="categorical"
      series={[{ type: 'bar', title, data: entries.map(([x, y]) => ({ x, y })), color: COLORS.FAILED }]}
    />
  );
  return (
    <Grid gridDefinition={[0, 1, 2, 3].map(() => ({ colspan: { default: 12, s: 6 } }))}>
      <Container fitHeight header={<Header variant="h2">{t('dashboard.health')}</Header>}>
        <LineChart
          {...common}
          ariaLabel={t('dashboard.health')}
          xScaleType="time"
          {...(first === undefined || last === undefined ? {} : { xDomain: [first, last] })}
          yDomain={[0, 100]}
          yTitle="%"
          i18nStrings={{ xTickFormatter: day }}
          series={
            counts.days.length === 0
              ? []
              : [
                  { type: 'line', title: t('dashboard.successRate'), data: asLine(rated), color: COLORS.COMPLETED },
                  { type: 'line', title: t('dashboard.failureRate'), data: asLine(rate(false)), color: COLORS.FAILED },
                ]
          }
        />
      </Container>
      <Container fitHeight header={<Header variant="h2">{t('dashboard.overTime')}</Header>}>
        <BarChart
          {...common}
          ariaLabel={t('dashboard.overTime')}
          stackedBars
          i18nStrings={{ yTickFormatter: (count) => (Number.isInteger(count) ? String(count) : '') }}
          xScaleType="categorical"
          series={
            counts.days.length === 0
              ? []
              : OUTCOMES.map((outcome) => ({
                  type: 'bar' as const,
                  title: t(`status.${outcome}`),
                  color: COLORS[outcome],
                  data: counts.days.map(({ day: at, counts: each }) => ({ x: day(at), y: each[outcome] })),
                }))
          }
        />
      </Container>
      <Container fitHeight header={<Header variant="h2">{t('dashboard.reasons')}</Header>}>
        {counts.reasons.length === 0 ? (
          <Box>{t('dashboard.noProblems')}</Box>
        ) : (
          ranking(counts.reasons, t('dashboard.reasons'))
        )}
      </Container>
      <Container fitHeight header={<Header variant="h2">{t('dashboard.problemTypes')}</Header>}>
        {counts.problematicTypes.length === 0 ? (
          <Box>{t('dashboard.noProblems')}</Box>
        ) : (
          ranking(counts.problematicTypes, t('dashboard.problemTypes'))
        )}
      </Container>
    </Grid>
  );
}
