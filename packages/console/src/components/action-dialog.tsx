import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './error-note.tsx';
import { useAction } from './use-action.ts';
import './action-dialog.css';

export interface ActionDialogProps {
  title: string;
  /** On the button that does it, such as `Pause`. */
  verb: string;
  isDangerous?: boolean;
  /** Does it, with what was filled in. What it throws is shown, and the dialog stays. */
  act(form: FormData): Promise<unknown>;
  /** Afterwards, before the dialog closes. */
  onDone(): void;
  onClose(): void;
  /** Leaves it to `act` what is shown afterwards. */
  staysOpen?: boolean;
  /** What will happen, and what is to be filled in. */
  children: ComponentChildren;
}

/** Asks before something is done, takes what it needs, and says why it did not work. */
export function ActionDialog({
  title,
  verb,
  isDangerous = false,
  act,
  onDone,
  onClose,
  staysOpen = false,
  children,
}: ActionDialogProps) {
  const formId = useId();
  const { run, isBusy, error } = useAction(async (form: FormData) => {
    await act(form);
    onDone();
    if (!staysOpen) onClose();
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (event.currentTarget instanceof HTMLFormElement) run(new FormData(event.currentTarget));
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            Back
          </button>
          <button
            type="submit"
            form={formId}
            class={isDangerous ? 'button danger' : 'button primary'}
            disabled={isBusy}
          >
            {verb}
          </button>
        </>
      }
    >
      <form id={formId} class="stack" onSubmit={submit}>
        {children}
        {error !== undefined && <ErrorNote error={error} />}
      </form>
    </Dialog>
  );
}

/** What was filled in; undefined where nothing was. */
export function textOf(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}
