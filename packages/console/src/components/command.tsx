import { CopyButton } from './copy-button.tsx';

/** A command to be copied into a terminal. */
export function Command({ text }: { text: string }) {
  return (
    <div class="command">
      <pre tabIndex={0} role="group" aria-label="Command">
        <code>{text}</code>
      </pre>
      <CopyButton text={text} label="Copy the command" />
    </div>
  );
}
