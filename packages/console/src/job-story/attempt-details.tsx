import type { Attempt } from '../api/contract.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Duration } from '../components/duration.tsx';
import { Fact } from '../components/fact.tsx';
import { absolute } from '../components/instant.tsx';
import { JsonView } from '../components/json-view.tsx';
import { Money } from '../components/money.tsx';
import { mayReadContent } from '../session/scopes.ts';
import { useWho } from '../session/session.ts';
import { ModelNames } from './model-names.tsx';

const VERDICTS: Readonly<Record<string, string>> = {
  next: 'goes on to the next target; this one may be tried again in a later round',
  next_for_good: 'goes on to the next target, and never comes back to this one for this job',
  terminal: 'no provider will accept this: the job fails',
};

const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** Everything that the record has of an attempt. */
export function AttemptDetails({ attempt }: { attempt: Attempt }) {
  const { verdict, rule, error, warnings = [], cooldown } = attempt;
  return (
    <div class="attempt-details">
      {rule !== undefined && (
        <p>
          <strong>{verdict?.replaceAll('_', ' ') ?? 'skipped'}</strong> by rule <code>{rule}</code>
          {verdict !== undefined && `: ${VERDICTS[verdict] ?? ''}`}
          {cooldown !== undefined &&
            `. The ${cooldown.scope} cools down until ${absolute(cooldown.until)}`}
        </p>
      )}
      <ModelNames attempt={attempt} />
      <Facts attempt={attempt} />
      {warnings.length > 0 && (
        <div>
          <h3>Left out for this call</h3>
          <ul>
            {warnings.map(({ field, message }) => (
              <li key={field}>
                <code>{field}</code>: {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      {error !== undefined && <ProviderError error={error} />}
    </div>
  );
}

function Facts({ attempt }: { attempt: Attempt }) {
  const { usage, cost } = attempt;
  return (
    <dl class="facts small">
      <Fact name="Target">{attempt.target}</Fact>
      <Fact name="Round">{attempt.round}</Fact>
      <Fact name="Kind and dialect">
        {[attempt.kind, attempt.dialect, attempt.surface].filter(Boolean).join(' · ')}
      </Fact>
      <Fact name="Began">
        <time dateTime={attempt.started_at} title={absolute(attempt.started_at)}>
          {CLOCK.format(Date.parse(attempt.started_at))}
        </time>
      </Fact>
      {attempt.queued_ms !== undefined && (
        <Fact name="In the queue">
          <Duration ms={attempt.queued_ms} />
        </Fact>
      )}
      {attempt.duration_ms !== undefined && (
        <Fact name="Call">
          <Duration ms={attempt.duration_ms} />
        </Fact>
      )}
      {attempt.retry_after_ms !== undefined && (
        <Fact name="Asked to be left alone for">
          <Duration ms={attempt.retry_after_ms} />
        </Fact>
      )}
      {attempt.probe === true && <Fact name="Probe">the first call after a cool-down</Fact>}
      {attempt.maybe_billed === true && <Fact name="Billing">may have been billed</Fact>}
      {usage !== undefined && (
        <Fact name="Tokens in / out">
          {usage.input_tokens ?? '–'} / {usage.output_tokens ?? '–'}
        </Fact>
      )}
      {cost !== undefined && cost.status !== 'unknown' && (
        <Fact name="Cost">
          <Money usd={cost.amount} />
        </Fact>
      )}
      <Id name="Provider's request id" id={attempt.request_id} />
      <Id name="Provider's answer id" id={attempt.provider_response_id} />
    </dl>
  );
}

function Id({ name, id }: { name: string; id: string | undefined }) {
  if (id === undefined) return null;
  return (
    <Fact name={name}>
      <span class="mono">{id}</span> <CopyButton text={id} label={`Copy ${name}`} />
    </Fact>
  );
}

function ProviderError({ error }: { error: NonNullable<Attempt['error']> }) {
  const { type, code, message, body } = error;
  const isContentShown = mayReadContent(useWho());
  return (
    <div class="attempt-error">
      <h3>What the provider said</h3>
      {message !== undefined && <p>{message}</p>}
      <p class="small muted">
        {[type === undefined ? '' : `type ${type}`, code === undefined ? '' : `code ${code}`]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {body !== undefined && <JsonView value={body} label="the provider's error body" />}
      {body === undefined && !isContentShown && (
        <p class="small muted">Its own words are shown to a key of scope read.</p>
      )}
    </div>
  );
}
