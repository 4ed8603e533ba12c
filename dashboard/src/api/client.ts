// Sends GraphQL requests. Every failure is an ApiError with a stable reason.
import { endpoint } from '../../../graphql_api/graphiql/endpoint.js';
import { ApiError, type GraphqlResponse, type Send } from './response';

// Returns a function that sends requests with an API key.
export function sender(key: string): Send {
  return async (query, variables, signal) => {
    const response = await reached(() =>
      fetch(endpoint, {
        method: 'POST',
        headers: {
          accept: 'application/graphql-response+json, application/json;q=0.9',
          'content-type': 'application/json',
          'x-api-key': key,
        },
        body: JSON.stringify({ query, variables }),
        ...(signal && { signal }),
      }),
    );
    if (response.status === 401) throw new ApiError('unauthorized', 'The API key is not valid.');
    const body = await parsed(response);
    if (body.data === undefined) throw refusal(response.status, body);
    return body;
  };
}

async function reached(request: () => Promise<Response>): Promise<Response> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('unreachable', 'The API cannot be reached. Check your connection.');
  }
}

async function parsed(response: Response): Promise<GraphqlResponse> {
  try {
    return (await response.json()) as GraphqlResponse;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('bad_response', `The API responded with status ${response.status}.`);
  }
}

function refusal(status: number, body: GraphqlResponse): ApiError {
  const [first] = body.errors ?? [];
  if (first) return new ApiError(first.extensions?.reason ?? 'refused', first.message);
  if (status === 429)
    return new ApiError('too_many_requests', 'Too many requests. Wait a moment, then try again.');
  return new ApiError('bad_response', `The API responded with status ${status}.`);
}
