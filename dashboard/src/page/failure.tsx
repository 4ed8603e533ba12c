// Why the numbers cannot be shown.
import type { ApiError } from '../api/response';

export function Failure({ error }: { error: ApiError }) {
  return (
    <div class="banner failure" role="alert">
      <p>{error.message}</p>
      <button type="button" onClick={() => location.reload()}>
        Try again
      </button>
    </div>
  );
}
