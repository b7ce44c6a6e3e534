import { CopyButton } from './copy-button.tsx';

export interface JsonViewProps {
  value: unknown;
  label: string;
}

/** A value as indented JSON; a text as it is, unless it is JSON itself. */
export function JsonView({ value, label }: JsonViewProps) {
  const text = indented(value);
  return (
    <div class="json">
      <pre tabIndex={0} role="group" aria-label={label}>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} label={`Copy ${label}`} />
    </div>
  );
}

function indented(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value, null, 2) ?? '';
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
