// The warnings of the API, each once, such as those about names that it does not know.
import type { Warning } from '../api/response';

export function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  const messages = [...new Set(warnings.map(({ message }) => message))];
  if (messages.length === 0) return null;
  return (
    <div class="banner" role="status">
      {messages.map(message => (
        <p key={message}>{message}</p>
      ))}
    </div>
  );
}
