import { CopyButton } from './copy-button.tsx';
import { Dialog } from './dialog.tsx';

export interface SecretDialogProps {
  title: string;
  secret: string;
  /** What it is good for. */
  about: string;
  onClose(): void;
}

/** A text that the broker tells once. */
export function SecretDialog({ title, secret, about, onClose }: SecretDialogProps) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <button type="button" class="button" onClick={onClose}>
          I have kept it
        </button>
      }
    >
      <p>{about} It is shown this once and never again.</p>
      <div class="command">
        <pre tabIndex={0} role="group" aria-label="Secret">
          <code data-secret>{secret}</code>
        </pre>
        <CopyButton text={secret} label="Copy" />
      </div>
    </Dialog>
  );
}
