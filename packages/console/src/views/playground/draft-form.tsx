import { useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import { projectHeader } from '../../api/project-header.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { Icon } from '../../components/icon.tsx';
import { curlOfSubmit } from '../../job-story/job-curl.ts';
import { useWho } from '../../session/session.ts';
import { useApi } from '../../session/use-api.ts';
import { ENDPOINTS, draftBody, submittedOf } from './job-draft.ts';
import type { Endpoint, JobDraft, Submitted } from './job-draft.ts';
import { MessageFields } from './message-fields.tsx';

const EMPTY: JobDraft = {
  endpoint: '/v1/chat/completions',
  model: '',
  messages: [{ role: 'user', content: 'Say hello.' }],
  priority: 'normal',
  expiresIn: '',
  metadata: '',
};

export interface DraftFormProps {
  isBusy: boolean;
  onSubmit(submitted: Submitted): void;
}

/** A job, by fields or with its request as JSON. */
export function DraftForm({ isBusy, onSubmit }: DraftFormProps) {
  const who = useWho();
  const [draft, setDraft] = useState(EMPTY);
  // Set while the request is written as JSON; the messages' fields stand aside then.
  const [bodyText, setBodyText] = useState<string>();
  const [error, setError] = useState<unknown>();
  const models = useModels();
  const chosen = draft.model === '' ? (models[0] ?? '') : draft.model;
  const whole = { ...draft, model: chosen };
  const change = (part: Partial<JobDraft>): void => setDraft({ ...draft, ...part });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setError(undefined);
    try {
      onSubmit(submittedOf(whole, bodyText));
    } catch (reason) {
      setError(reason);
    }
  };
  const curl = (): string => {
    const { body, ...rest } = submittedOf(whole, bodyText);
    const { origin } = location;
    const submitting = { method: 'POST', url: `${origin}/v1/jobs` };
    const project = projectHeader(submitting, who, undefined);
    return curlOfSubmit(origin, rest, JSON.stringify(body), project);
  };
  return (
    <form class="card stack" onSubmit={submit} aria-label="Job">
      <div class="field-row">
        <label class="field">
          Endpoint
          <select
            value={draft.endpoint}
            onChange={(event) => change({ endpoint: endpointOf(event.currentTarget.value) })}
          >
            {ENDPOINTS.map((endpoint) => (
              <option key={endpoint}>{endpoint}</option>
            ))}
          </select>
        </label>
        {bodyText === undefined && (
          <label class="field">
            Model
            <select
              value={chosen}
              onChange={(event) => change({ model: event.currentTarget.value })}
            >
              {models.map((model) => (
                <option key={model}>{model}</option>
              ))}
            </select>
          </label>
        )}
      </div>
      <div class="choice" role="group" aria-label="How the request is written">
        <button
          type="button"
          class="button"
          aria-pressed={bodyText === undefined}
          onClick={() => setBodyText(undefined)}
        >
          Messages
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={bodyText !== undefined}
          onClick={() => setBodyText(bodyText ?? JSON.stringify(draftBody(whole), null, 2))}
        >
          JSON
        </button>
      </div>
      {bodyText === undefined ? (
        <MessageFields messages={draft.messages} onChange={(messages) => change({ messages })} />
      ) : (
        <label class="field">
          Request
          <textarea
            class="mono"
            rows={16}
            spellcheck={false}
            value={bodyText}
            onInput={(event) => setBodyText(event.currentTarget.value)}
          />
        </label>
      )}
      <Options draft={draft} onChange={change} />
      {error !== undefined && <ErrorNote error={error} />}
      <div class="actions">
        <button class="button primary" disabled={isBusy}>
          <Icon name="playground" /> {isBusy ? 'Submitting …' : 'Submit the job'}
        </button>
        <CopyButton text={curl} label="Copy as curl" withLabel />
      </div>
    </form>
  );
}

function useModels(): readonly string[] {
  const api = useApi();
  const { data } = useAnswer('models', (signal) => ask(api.GET('/v1/models', { signal })));
  return data?.data.map(({ id }) => id) ?? [];
}

function endpointOf(text: string): Endpoint {
  return ENDPOINTS.find((endpoint) => endpoint === text) ?? EMPTY.endpoint;
}

interface OptionsProps {
  draft: JobDraft;
  onChange(part: Partial<JobDraft>): void;
}

function Options({ draft, onChange }: OptionsProps) {
  return (
    <details>
      <summary>Priority, expiry, metadata</summary>
      <div class="stack options">
        <div class="field-row">
          <label class="field">
            Priority
            <select
              value={draft.priority}
              onChange={(event) => onChange({ priority: event.currentTarget.value })}
            >
              <option>high</option>
              <option>normal</option>
              <option>low</option>
            </select>
          </label>
          <label class="field">
            Expires in
            <input
              value={draft.expiresIn}
              placeholder="24h"
              onInput={(event) => onChange({ expiresIn: event.currentTarget.value })}
            />
          </label>
        </div>
        <label class="field">
          Metadata
          <textarea
            class="mono"
            rows={3}
            spellcheck={false}
            placeholder={'team: search\nrun: 42'}
            value={draft.metadata}
            onInput={(event) => onChange({ metadata: event.currentTarget.value })}
          />
          <span class="hint">key: value, one a line; jobs can be filtered by it</span>
        </label>
      </div>
    </details>
  );
}
