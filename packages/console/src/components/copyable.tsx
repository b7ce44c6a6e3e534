import { CopyButton } from './copy-button.tsx';

/** An id, to be read and copied. */
export function Copyable({ text, label }: { text: string; label: string }) {
  return (
    <span class="copyable">
      <span class="mono">{text}</span>
      <CopyButton text={text} label={label} />
    </span>
  );
}
