// Loads several panels with one request. If one of them fails, the others still load: the response of
// a field that fails has no data at all, so the request is repeated without the panels of that field.
import { ApiError, type GraphqlError, type Send, type Warning } from './response';
import { documentOf, fieldsOf, usedIn, type Root } from './documents';

export interface Target {
  readonly root: Root;
  readonly variables: object;
}

export interface Loaded {
  // The fields of the panels, by their names in the response.
  readonly data: Readonly<Record<string, unknown>>;
  readonly failures: ReadonlyMap<string, ApiError>;
  readonly warnings: readonly Warning[];
}

// Reasons of errors about the work of a whole request. A panel alone can stay below these limits.
const LIMITS_OF_A_REQUEST = /^too_many_/;

export async function loadPanels(
  send: Send,
  panels: readonly string[],
  target: Target,
  signal?: AbortSignal,
): Promise<Loaded> {
  const failures = new Map<string, ApiError>();
  const alone: Loaded[] = [];
  let wanted = panels;
  while (wanted.length > 0) {
    const document = documentOf('Page', wanted, target.root);
    const response = await send(document, usedIn(document, target.variables), signal);
    const data = response.data?.[target.root];
    if (data && !response.errors?.length) {
      const loaded = {
        data: data as Record<string, unknown>,
        failures,
        warnings: response.extensions?.warnings ?? [],
      };
      return [loaded, ...alone].reduce(merged);
    }
    const failed = failedPanels(wanted, response.errors ?? []);
    for (const [panel, error] of failed) {
      if (LIMITS_OF_A_REQUEST.test(error.reason) && wanted.length > 1)
        alone.push(await loadPanels(send, [panel], target, signal));
      else failures.set(panel, error);
    }
    wanted = wanted.filter(panel => !failed.has(panel));
  }
  return [{ data: {}, failures, warnings: [] }, ...alone].reduce(merged);
}

// Returns the error of each panel that failed. An error that is not about a field concerns them all.
function failedPanels(
  panels: readonly string[],
  errors: readonly GraphqlError[],
): Map<string, ApiError> {
  const failed = new Map<string, ApiError>();
  for (const error of errors) {
    const field = error.path?.[1];
    const concerned = panels.filter(
      panel => field === undefined || fieldsOf(panel).includes(String(field)),
    );
    for (const panel of concerned)
      failed.set(panel, new ApiError(error.extensions?.reason ?? 'failed', error.message));
  }
  if (failed.size > 0) return failed;
  const unknown = new ApiError('bad_response', errors[0]?.message ?? 'The response has no data.');
  return new Map(panels.map(panel => [panel, unknown]));
}

function merged(one: Loaded, other: Loaded): Loaded {
  return {
    data: { ...one.data, ...other.data },
    failures: new Map([...one.failures, ...other.failures]),
    warnings: [...one.warnings, ...other.warnings],
  };
}
