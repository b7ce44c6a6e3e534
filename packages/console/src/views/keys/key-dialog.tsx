import type { ApiKey, Project } from '@understudy/client';
import { useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import { ActionDialog, textOf } from '../../components/action-dialog.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { useApi } from '../../session/use-api.ts';
import { KeyFieldset } from './key-fieldset.tsx';
import { LIMIT_FIELDS, newKeyOf } from './new-key.ts';
import type { KeyFields } from './new-key.ts';

/** What the operator wants done. */
export type KeyAction =
  | { kind: 'new-project' }
  | { kind: 'new-key'; project: string }
  | { kind: 'revoke'; key: ApiKey };

interface KeyDialogProps {
  action: KeyAction;
  projects: readonly Project[];
  onDone(): void;
  onClose(): void;
}

export function KeyDialog({ action, projects, onDone, onClose }: KeyDialogProps) {
  const api = useApi();
  const [made, setMade] = useState<string>();
  if (made !== undefined) {
    return (
      <SecretDialog
        title="The new key"
        secret={made}
        about="Give it to whoever will call with it."
        onClose={onClose}
      />
    );
  }
  const common = { onDone, onClose };
  switch (action.kind) {
    case 'new-project':
      return (
        <ActionDialog
          {...common}
          title="New project"
          verb="Make it"
          act={(form) =>
            ask(api.POST('/v1/admin/projects', { body: { name: textOf(form, 'name') ?? '' } }))
          }
        >
          <label class="field">
            Name
            <input name="name" required maxLength={63} pattern="[a-z0-9][a-z0-9-]*" autofocus />
            <span class="hint">a-z, 0-9 and -; jobs, files and events belong to it.</span>
          </label>
        </ActionDialog>
      );
    case 'new-key':
      return (
        <ActionDialog
          {...common}
          title="New key"
          verb="Make it"
          staysOpen
          act={async (form) => {
            const scopes = form.getAll('scope').filter((scope) => typeof scope === 'string');
            const body = newKeyOf(fieldsOf(form), scopes);
            const key = await ask(api.POST('/v1/admin/keys', { body }));
            setMade(key.key);
          }}
        >
          <KeyFieldset projects={projects} project={action.project} />
        </ActionDialog>
      );
    case 'revoke': {
      const { id, name, hint, project } = action.key;
      const params = { path: { id } };
      return (
        <ActionDialog
          {...common}
          title={`Revoke ${name ?? id}?`}
          verb="Revoke"
          isDangerous
          act={() => ask(api.DELETE('/v1/admin/keys/{id}', { params }))}
        >
          {/* Another key may have the same name. */}
          <p class="mono">{hint === undefined ? id : `${id}, ${hint}…`}</p>
          <p>
            Within a second it opens nothing of <strong>{project}</strong> any more. Calls that were
            let in go on to their end. This cannot be taken back.
          </p>
        </ActionDialog>
      );
    }
    default:
      return action satisfies never;
  }
}

function fieldsOf(form: FormData): KeyFields {
  const fields: KeyFields = {};
  for (const name of ['project', 'name', 'expires_in', 'routes', ...LIMIT_FIELDS] as const) {
    const text = textOf(form, name);
    if (text !== undefined) fields[name] = text;
  }
  return fields;
}
