// The icon of the project.
import iconAddress from '../../../graphql_api/graphiql/icon.svg';

export function Logo() {
  return <img class="logo" src={iconAddress} alt="" width="24" height="24" />;
}
