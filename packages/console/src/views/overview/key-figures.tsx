import type { ComponentChildren } from 'preact';
import type { Provider, Statistics } from '../../api/contract.ts';
import { Duration } from '../../components/duration.tsx';
import { Money } from '../../components/money.tsx';
import { useNow } from '../../components/use-now.ts';
import { jobsBefore, oldestMs } from '../providers/provider-health.ts';
import { answeredShare, lastMinute, sumOf } from './statistics.ts';

interface KeyFiguresProps {
  hour: Statistics;
  providers: readonly Provider[];
  costToday: number | undefined;
}

/** The few figures that say how it goes. */
export function KeyFigures({ hour, providers, costToday }: KeyFiguresProps) {
  const now = useNow();
  const share = answeredShare(hour);
  const waiting = providers.reduce((sum, provider) => sum + jobsBefore(provider), 0);
  const running = providers.reduce((sum, { in_use: inUse }) => sum + inUse, 0);
  const ages = providers.map(oldestMs).filter((age) => age !== undefined);
  const perMinute = (member: 'accepted' | 'completed' | 'failed') =>
    lastMinute(hour, member, now).toLocaleString();
  return (
    <dl class="figures">
      <Figure name="Accepted" unit="last minute" value={perMinute('accepted')} />
      <Figure name="Completed" unit="last minute" value={perMinute('completed')} />
      <Figure name="Failed" unit="last minute" value={perMinute('failed')} />
      <Figure
        name="Answered"
        unit="of what ended, last hour"
        value={share === undefined ? '–' : percent(share)}
      />
      <Figure name="Running" unit="calls now" value={running.toLocaleString()} />
      <Figure
        name="Waiting"
        unit={
          ages.length === 0 ? (
            'jobs now'
          ) : (
            <>
              oldest <Duration ms={Math.max(...ages)} />
            </>
          )
        }
        value={waiting.toLocaleString()}
      />
      <Figure name="Cost" unit="last hour" value={<Money usd={sumOf(hour, 'cost_usd')} />} />
      <Figure name="Cost today" unit="since midnight UTC" value={<Money usd={costToday} />} />
    </dl>
  );
}

interface FigureProps {
  name: string;
  value: ComponentChildren;
  unit: ComponentChildren;
}

function Figure({ name, value, unit }: FigureProps) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        <span class="figure-value number">{value}</span>
        <span class="small muted">{unit}</span>
      </dd>
    </div>
  );
}

/** Never `100 %` while something failed. */
function percent(share: number): string {
  const rounded = Math.floor(share * 1000) / 10;
  return `${rounded.toLocaleString()} %`;
}
