import type { Batch } from '@understudy/client';
import { useEffect, useState } from 'preact/hooks';
import { Duration } from '../../components/duration.tsx';
import { Fact } from '../../components/fact.tsx';
import { Money } from '../../components/money.tsx';
import { useNow } from '../../components/use-now.ts';
import { costOf, instantOf, isOver } from './batch-answers.ts';
import { batchProgress, noteLook } from './batch-progress.ts';
import type { Look } from './batch-progress.ts';
import { ProgressBar } from './progress-bar.tsx';

/** How far it is, how fast it goes, and when it will be through. */
export function BatchPace({ batch }: { batch: Batch }) {
  const now = useNow();
  const [looks, setLooks] = useState<Look[]>([]);
  const { total, completed, failed } = batch.request_counts;
  useEffect(() => {
    if (batch.status !== 'in_progress') return;
    setLooks((before) => noteLook(before, { done: completed + failed, atMs: Date.now() }));
  }, [batch]);
  const progress = batchProgress(batch, looks, now);
  return (
    <section class="card batch-pace">
      <p class="batch-share">
        <strong>
          {progress.share === undefined ? '–' : `${Math.floor(progress.share * 100)} %`}
        </strong>
        <span>
          {total === 0
            ? uncountedText(batch)
            : `${completed.toLocaleString()} answered, ${failed.toLocaleString()} failed, of ${total.toLocaleString()}`}
        </span>
      </p>
      <ProgressBar counts={batch.request_counts} label="Progress of the batch" />
      <dl class="facts">
        {!isOver(batch) && (
          <>
            <Fact name="Pace" class="number">
              {paceText(progress.linesPerSecond)}
            </Fact>
            <Fact name="Through in">
              {progress.leftMs === undefined ? (
                <span class="muted">not to be told</span>
              ) : (
                <Duration ms={progress.leftMs} />
              )}
            </Fact>
          </>
        )}
        <Fact name={isOver(batch) ? 'Took' : 'Running for'}>
          <Duration ms={ranMs(batch, now)} />
        </Fact>
        <Fact name="Cost">
          <Money usd={costOf(batch)} />
        </Fact>
        {batch.usage !== undefined && (
          <Fact name="Tokens" class="number">
            {batch.usage.input_tokens.toLocaleString()} in,{' '}
            {batch.usage.output_tokens.toLocaleString()} out
          </Fact>
        )}
      </dl>
    </section>
  );
}

function uncountedText(batch: Batch): string {
  return isOver(batch) ? 'No line was run.' : 'The lines are being counted and checked.';
}

function paceText(linesPerSecond: number | undefined): string {
  if (linesPerSecond === undefined) return '–';
  if (linesPerSecond === 0) return 'stands still';
  if (linesPerSecond < 1) return `${(linesPerSecond * 60).toFixed(1)} lines/min`;
  return `${linesPerSecond.toFixed(linesPerSecond < 10 ? 1 : 0)} lines/s`;
}

function ranMs(batch: Batch, now: number): number {
  const ended = batch.completed_at ?? batch.failed_at ?? batch.expired_at ?? batch.cancelled_at;
  const until = ended === undefined ? now : Date.parse(instantOf(ended) ?? '');
  return Math.max(0, until - batch.created_at * 1000);
}
