import type { ExplainedRoute } from '@understudy/client';
import { useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { Instant } from '../../components/instant.tsx';
import { StatusPill } from '../../components/status-pill.tsx';
import type { Tone } from '../../components/status-pill.tsx';
import { useApi } from '../../session/use-api.ts';
import { ENDPOINTS, explainCommand, toggleOutage } from './route-query.ts';
import type { RouteQuestion } from './route-query.ts';
import { foretell, stateWords } from './target-state.ts';
import type { TargetFate } from './target-state.ts';

interface RouteForecastProps {
  question: RouteQuestion & { model: string };
  onChange(question: RouteQuestion): void;
}

const EVERY_MS = 5000;
const TONES: Readonly<Record<TargetFate, Tone>> = {
  taken: 'good',
  probed: 'busy',
  waits: 'warn',
  passed: 'quiet',
};

export function RouteForecast({ question, onChange }: RouteForecastProps) {
  const api = useApi();
  const { model, endpoint, without } = question;
  const key = JSON.stringify([model, endpoint, without]);
  const { data, error, reload } = useAnswer(
    key,
    (signal) => {
      const query = {
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(without.length === 0 ? {} : { without: without.join(',') }),
      };
      return ask(api.GET('/v1/routes/{model}', { params: { path: { model }, query }, signal }));
    },
    EVERY_MS,
  );
  // The list stays while another outage is asked about.
  const [shown, setShown] = useState<ExplainedRoute>();
  if (data !== undefined && data !== shown) setShown(data);
  const route = data ?? shown;
  return (
    <section class="route-forecast">
      <header class="card-head">
        <div>
          <h2 class="route-name">{model}</h2>
          {route !== undefined && (
            <p class="small muted">
              {route.automatic
                ? 'Made by itself from what the providers know.'
                : 'As the configuration has it.'}
            </p>
          )}
        </div>
        <CopyButton
          text={explainCommand(location.origin, question)}
          label="Copy as command"
          withLabel
        />
      </header>
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      <EndpointChoice question={question} onChange={onChange} />
      {route !== undefined && (
        <>
          <OutageChoice route={route} question={question} onChange={onChange} />
          <p class="route-outcome" role="status">
            {foretell(route.targets)}
          </p>
          <TargetList route={route} />
        </>
      )}
    </section>
  );
}

function EndpointChoice({ question, onChange }: RouteForecastProps) {
  const { endpoint: chosen, ...others } = question;
  return (
    <label class="field route-endpoint">
      Asked at
      <select
        value={chosen ?? ''}
        onChange={({ currentTarget: { value } }) => {
          const endpoint = ENDPOINTS.find((known) => known === value);
          onChange(endpoint === undefined ? others : { ...others, endpoint });
        }}
      >
        <option value="">any endpoint</option>
        {ENDPOINTS.map((endpoint) => (
          <option key={endpoint} value={endpoint}>
            {endpoint}
          </option>
        ))}
      </select>
    </label>
  );
}

function OutageChoice({
  route,
  question,
  onChange,
}: RouteForecastProps & { route: ExplainedRoute }) {
  const providers = [
    ...new Set([...route.targets.map(({ provider }) => provider), ...question.without]),
  ];
  return (
    <fieldset class="outages">
      <legend>What if these were down?</legend>
      {providers.map((provider) => (
        <label key={provider} class="check">
          <input
            type="checkbox"
            checked={question.without.includes(provider)}
            onChange={(event) =>
              onChange(toggleOutage(question, provider, event.currentTarget.checked))
            }
          />
          {provider}
        </label>
      ))}
    </fieldset>
  );
}

function TargetList({ route }: { route: ExplainedRoute }) {
  const first = route.targets.find(({ state }) =>
    ['taken', 'probed'].includes(stateWords(state).fate),
  );
  return (
    <ol class="targets">
      {route.targets.map((target) => {
        const { fate, label, meaning } = stateWords(target.state);
        return (
          <li key={target.target} class={`target ${fate}`}>
            <div class="target-head">
              <a href={`/console/providers#${target.provider}`}>{target.provider}</a>
              <span class="muted small">{target.kind}</span>
              <StatusPill status={label} tone={TONES[fate]} />
              {target.share !== undefined && (
                <span class="pill quiet">{Math.round(target.share * 100)} % of jobs</span>
              )}
              {target.fallback === true && <span class="pill quiet">also fallback</span>}
            </div>
            <p class="small">
              {target.model_sent === undefined ? (
                <span class="muted">no name for this model</span>
              ) : (
                <>
                  sent as <code>{target.model_sent}</code>
                </>
              )}
              {target.dialect !== undefined && (
                <>
                  {' '}
                  in <code>{target.dialect}</code>
                </>
              )}
            </p>
            <p class="small muted">
              {fate === 'taken' ? whenCalled(target, target === first) : meaning}
              {target.until !== undefined && (
                <>
                  {' '}
                  Until <Instant at={target.until} />.
                </>
              )}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

function whenCalled({ share }: ExplainedRoute['targets'][number], isFirst: boolean): string {
  if (share !== undefined) return 'Called for the jobs that are drawn to it.';
  return isFirst ? 'It would be called.' : 'Called if none before it answers.';
}
