// The link to a query in GraphiQL, if the deployment serves GraphiQL.
import { hasGraphiql } from '../api/graphiql-address';

export function GraphiqlLink({ address, title }: { address: string; title: string }) {
  if (!hasGraphiql) return null;
  return (
    <a href={address}>
      Open in GraphiQL<span class="hidden">: {title}</span>
    </a>
  );
}
