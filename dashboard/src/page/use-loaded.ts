// Data that a request returns. While a newer request runs, the earlier data stays.
import { useEffect, useState } from 'preact/hooks';

import { ApiError } from '../api/response';

export interface Loading<Data> {
  readonly data: Data | undefined;
  readonly error: ApiError | undefined;
  readonly isLoading: boolean;
}

type Load<Data> = (signal: AbortSignal) => Promise<Data>;

interface State<Data> {
  // What returned the data or the error.
  readonly loaded: Load<Data> | null;
  readonly data: Data | undefined;
  readonly error: ApiError | undefined;
}

// Calls `load` at once and whenever it changes. Null means that nothing is to be loaded.
export function useLoaded<Data>(load: Load<Data> | null): Loading<Data> {
  const [state, setState] = useState<State<Data>>({
    loaded: null,
    data: undefined,
    error: undefined,
  });
  useEffect(() => {
    if (!load) return;
    const abort = new AbortController();
    load(abort.signal).then(
      data => {
        if (!abort.signal.aborted) setState({ loaded: load, data, error: undefined });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        setState({ loaded: load, data: undefined, error });
      },
    );
    return () => abort.abort();
  }, [load]);
  return { data: state.data, error: state.error, isLoading: state.loaded !== load };
}
