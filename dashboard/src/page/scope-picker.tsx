// Picks an organisation, and in it a team or a repository. The names load when the list opens first.
import { useCallback, useMemo, useState } from 'preact/hooks';

import type { Send } from '../api/response';
import { loadPanels } from '../api/load';
import type { RepositoryNamesFragment, TeamNamesFragment } from '../api/operations';
import type { Choice } from '../choice/choice';
import { count } from '../format/numbers';
import { teamName } from '../format/words';
import { Combobox } from '../parts/combobox';
import type { Option } from '../parts/matching';
import type { ChangeChoice } from './use-choice';
import { useLoaded } from './use-loaded';

interface Properties {
  readonly send: Send;
  readonly choice: Choice;
  readonly change: ChangeChoice;
  readonly organisations: readonly string[];
}

export function ScopePicker({ send, choice, change, organisations }: Properties) {
  const { organisation } = choice;
  const [isWanted, setWanted] = useState(false);
  const load = useCallback(
    (signal: AbortSignal) =>
      loadPanels(
        send,
        ['RepositoryNames', 'TeamNames'],
        { root: 'organisation', variables: { name: organisation } },
        signal,
      ),
    [send, organisation],
  );
  const { data, isLoading } = useLoaded(isWanted ? load : null);
  const options = useMemo(() => optionsOf(organisation, data?.data ?? {}), [organisation, data]);

  const choose = ({ kind, value }: Option) =>
    change({
      ...choice,
      repository: kind === 'repository' ? value : '',
      team: kind === 'team' ? value : null,
    });
  const known = organisations.includes(organisation)
    ? organisations
    : [organisation, ...organisations];
  return (
    <div class="scope">
      <h1 class="hidden">How fast alerts are remediated</h1>
      <label class="organisation">
        <span class="hidden">Organisation</span>
        <select
          value={organisation}
          onChange={event =>
            change({
              ...choice,
              organisation: event.currentTarget.value,
              repository: '',
              team: null,
            })
          }
        >
          {known.map(name => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <span class="separator" aria-hidden="true">
        /
      </span>
      <Combobox
        label="Team or repository"
        shown={shownName(choice)}
        options={options}
        isLoading={isLoading}
        onOpen={() => setWanted(true)}
        onChoose={choose}
      />
    </div>
  );
}

function shownName({ repository, team }: Choice): string {
  if (repository) return repository.slice(repository.indexOf('/') + 1);
  return team === null ? 'All repositories' : teamName(team);
}

function optionsOf(organisation: string, data: object): readonly Option[] {
  const { names = [] } = data as Partial<RepositoryNamesFragment>;
  const { teamNames = [] } = data as Partial<TeamNamesFragment>;
  return [
    { kind: 'organisation', value: organisation, label: 'All repositories', detail: '' },
    ...teamNames.map(({ group, open }): Option => ({
      kind: 'team',
      value: group ?? '',
      label: teamName(group),
      detail: `team, ${count(open)} open`,
    })),
    ...names.map(({ group, open }): Option => ({
      kind: 'repository',
      value: group ?? '',
      label: (group ?? '').slice((group ?? '').indexOf('/') + 1),
      detail: `${count(open)} open`,
    })),
  ];
}
