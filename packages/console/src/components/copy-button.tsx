import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

export interface CopyButtonProps {
  /** Made when it is asked for, where it is not at hand. */
  text: string | (() => string | Promise<string>);
  label: string;
  /** Shows the label beside the icon. */
  withLabel?: boolean;
}

const SHOWN_MS = 1500;

/** Puts a text on the clipboard and says that it did. */
export function CopyButton({ text, label, withLabel = false }: CopyButtonProps) {
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    if (said === undefined) return undefined;
    const timer = setTimeout(() => setSaid(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => {
    setSaid(await write(text));
  };
  return (
    <button
      type="button"
      class={withLabel ? 'button' : 'button icon-only'}
      aria-label={withLabel ? undefined : label}
      title={said ?? label}
      onClick={() => void copy()}
    >
      <Icon name={said === 'Copied' ? 'check' : 'copy'} />
      {withLabel && (said ?? label)}
      <span class="for-listeners" role="status">
        {said}
      </span>
    </button>
  );
}

/**
 * Browsers give a clipboard to pages of a secure origin only: HTTPS, or this machine.
 * @returns what to say of it
 */
async function write(text: CopyButtonProps['text']): Promise<string> {
  if (!('clipboard' in navigator)) return 'Copying needs HTTPS';
  try {
    await navigator.clipboard.writeText(typeof text === 'string' ? text : await text());
    return 'Copied';
  } catch (error) {
    return error instanceof Error ? error.message : 'Copying is not allowed here';
  }
}
