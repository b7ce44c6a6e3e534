/** An error's code, and what was said with it. */
export function ErrorWords({ code, message }: { code: string; message: string }) {
  return (
    <>
      <code>{code}</code>
      <span class="failing-words">{message}</span>
    </>
  );
}
