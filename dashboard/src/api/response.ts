// A response of the API, and the errors of requests and panels.
export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly reason?: string };
}

export interface Warning {
  readonly reason: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly suggestions: readonly string[];
}

export interface GraphqlResponse {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphqlError[];
  readonly extensions?: { readonly warnings?: readonly Warning[] };
}

export class ApiError extends Error {
  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

export type Send = (
  query: string,
  variables: object,
  signal?: AbortSignal,
) => Promise<GraphqlResponse>;
