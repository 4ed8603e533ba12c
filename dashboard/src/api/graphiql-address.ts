// The address of GraphiQL with the query and the variables of a panel. Both are in the fragment, which
// browsers do not send to servers.
import { documentOf, usedIn } from './documents';
import type { Target } from './load';

export function graphiqlAddress(panel: string, { root, variables }: Target): string {
  const query = documentOf(panel, [panel], root);
  const values = JSON.stringify(usedIn(query, variables), null, 2);
  return `graphiql#query=${encodeURIComponent(query)}&variables=${encodeURIComponent(values)}`;
}

// Whether the deployment serves GraphiQL. The build of the bundle sets the variable.
export const hasGraphiql = import.meta.env.VITE_GRAPHIQL !== 'false';
