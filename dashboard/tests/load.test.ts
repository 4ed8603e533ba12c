import { describe, expect, test } from 'vitest';

import type { GraphqlResponse, Send } from '../src/api/response';
import { loadPanels } from '../src/api/load';

const TARGET = { root: 'organisation', variables: { name: 'acme', filter: {} } } as const;
const failing = (field: string, reason: string): GraphqlResponse => ({
  data: null,
  errors: [{ message: `${field} failed`, path: ['organisation', field], extensions: { reason } }],
});

// Returns a function that sends requests to a fake API, and the panels of each request.
function api(respond: (panels: readonly string[]) => GraphqlResponse): [Send, string[][]] {
  const requests: string[][] = [];
  const send: Send = async query => {
    const panels = [...query.matchAll(/^ {4}\.\.\.(\w+)/gm)].map(([, name]) => name as string);
    requests.push(panels);
    return respond(panels);
  };
  return [send, requests];
}

describe('loading panels', () => {
  test('takes one request', async () => {
    const [send, requests] = api(() => ({ data: { organisation: { ages: [], rules: [] } } }));
    const loaded = await loadPanels(send, ['Ages', 'NoisyRules'], TARGET);
    expect(loaded.data).toEqual({ ages: [], rules: [] });
    expect(requests).toEqual([['Ages', 'NoisyRules']]);
  });

  test('shows the others when one fails', async () => {
    const [send, requests] = api(panels =>
      panels.includes('Teams')
        ? failing('teams', 'team_not_configured')
        : { data: { organisation: { ages: [] } } },
    );
    const loaded = await loadPanels(send, ['Ages', 'Teams'], TARGET);
    expect(loaded.data).toEqual({ ages: [] });
    expect(loaded.failures.get('Teams')?.reason).toBe('team_not_configured');
    expect(requests).toEqual([['Ages', 'Teams'], ['Ages']]);
  });

  test('asks alone for a panel that exceeds a limit together with others', async () => {
    const [send, requests] = api(panels =>
      panels.length > 1
        ? failing('rules', 'too_many_reads')
        : { data: { organisation: panels[0] === 'Ages' ? { ages: [] } : { rules: [] } } },
    );
    const loaded = await loadPanels(send, ['Ages', 'NoisyRules'], TARGET);
    expect(loaded.data).toEqual({ ages: [], rules: [] });
    expect(loaded.failures.size).toBe(0);
    expect(requests).toEqual([['Ages', 'NoisyRules'], ['NoisyRules'], ['Ages']]);
  });

  test('reports a panel that exceeds a limit alone', async () => {
    const [send] = api(() => failing('rules', 'too_many_alerts'));
    const loaded = await loadPanels(send, ['NoisyRules'], TARGET);
    expect(loaded.failures.get('NoisyRules')?.message).toBe('rules failed');
  });

  test('reports an error without a path for all panels, and ends', async () => {
    const [send] = api(() => ({ data: null, errors: [{ message: 'no' }] }));
    const loaded = await loadPanels(send, ['Ages', 'Flow'], TARGET);
    expect([...loaded.failures.keys()]).toEqual(['Ages', 'Flow']);
  });

  test('keeps the warnings', async () => {
    const warning = { reason: 'unknown_tool', message: 'No tool x.', path: [], suggestions: [] };
    const [send] = api(() => ({
      data: { organisation: { ages: [] } },
      extensions: { warnings: [warning] },
    }));
    expect((await loadPanels(send, ['Ages'], TARGET)).warnings).toEqual([warning]);
  });
});
