import type { ApiKey } from '@understudy/client';
import { Instant } from '../../components/instant.tsx';
import { StatusPill } from '../../components/status-pill.tsx';
import { Table } from '../../components/table.tsx';
import type { KeyAction } from './key-dialog.tsx';
import { limitsText } from './limit-text.ts';

interface KeyTableProps {
  keys: readonly ApiKey[];
  /** Of the key that looks. */
  ownId: string;
  onAct(action: KeyAction): void;
}

export function KeyTable({ keys, ownId, onAct }: KeyTableProps) {
  return (
    <Table
      caption="Keys, newest first"
      rows={keys}
      keyOf={({ id }) => id}
      columns={[
        {
          title: 'Key',
          cell: ({ id, name, hint }) => (
            <>
              <strong>{name ?? 'without a name'}</strong>
              {id === ownId && <span class="muted"> · yours</span>}
              <div class="mono muted">{hint === undefined ? id : `${hint}…`}</div>
            </>
          ),
        },
        { title: 'Project', cell: ({ project }) => project },
        { title: 'Scopes', isWideOnly: true, cell: ({ scopes }) => scopes.join(', ') },
        {
          title: 'Status',
          cell: ({ status }) => (
            <StatusPill status={status} tone={status === 'live' ? 'good' : 'warn'} />
          ),
        },
        {
          title: 'Last used',
          isWideOnly: true,
          cell: ({ last_used_at: at }) =>
            at === undefined ? <span class="muted">never</span> : <Instant at={at} />,
        },
        {
          title: 'Expires',
          isWideOnly: true,
          cell: ({ expires_at: at }) =>
            at === undefined ? <span class="muted">never</span> : <Instant at={at} />,
        },
        { title: 'Made', isWideOnly: true, cell: ({ created_at: at }) => <Instant at={at} /> },
        {
          title: 'Limits',
          isWideOnly: true,
          cell: ({ limits }) => <span class="small">{limitsText(limits)}</span>,
        },
        {
          title: 'Revoke',
          cell: (key) =>
            key.source === 'environment' ? (
              <span class="small muted" title="It comes from UNDERSTUDY_API_KEY">
                from the environment
              </span>
            ) : (
              <button
                type="button"
                class="button danger"
                aria-label={`Revoke ${key.name ?? key.id}`}
                onClick={() => onAct({ kind: 'revoke', key })}
              >
                Revoke …
              </button>
            ),
        },
      ]}
    />
  );
}
