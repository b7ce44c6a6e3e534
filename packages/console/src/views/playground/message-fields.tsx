import { Icon } from '../../components/icon.tsx';
import type { DraftMessage } from './job-draft.ts';

const ROLES = ['system', 'user', 'assistant'] as const;

export interface MessageFieldsProps {
  messages: readonly DraftMessage[];
  onChange(messages: readonly DraftMessage[]): void;
}

/** The messages of a conversation, each with who says it. */
export function MessageFields({ messages, onChange }: MessageFieldsProps) {
  const change = (index: number, part: Partial<DraftMessage>): void =>
    onChange(messages.map((message, at) => (at === index ? { ...message, ...part } : message)));
  return (
    <>
      <ol class="messages" aria-label="Messages">
        {messages.map(({ role, content }, index) => (
          <li key={index}>
            <div class="message-head">
              <select
                aria-label={`Who says message ${index + 1}`}
                value={role}
                onChange={({ currentTarget }) =>
                  change(index, {
                    role: ROLES.find((one) => one === currentTarget.value) ?? 'user',
                  })
                }
              >
                {ROLES.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
              {messages.length > 1 && (
                <button
                  type="button"
                  class="button quiet icon-only"
                  aria-label={`Take message ${index + 1} away`}
                  onClick={() => onChange(messages.filter((_, at) => at !== index))}
                >
                  <Icon name="close" />
                </button>
              )}
            </div>
            <textarea
              aria-label={`Message ${index + 1}`}
              rows={3}
              value={content}
              onInput={(event) => change(index, { content: event.currentTarget.value })}
            />
          </li>
        ))}
      </ol>
      <div>
        <button
          type="button"
          class="button"
          onClick={() => onChange([...messages, { role: 'user', content: '' }])}
        >
          Add a message
        </button>
      </div>
    </>
  );
}
