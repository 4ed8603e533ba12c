/**
 * Prints last week's digest of an organisation, for a chat channel or the summary of a CI job.
 *
 *     GCSMTTR_URL=https://… GCSMTTR_KEY=… npm run --silent digest -- my-organisation
 *
 * The document is ../queries/11-digest.graphql; its types are generated from it and the schema.
 */
import { readFileSync } from "node:fs";
import { argv, env, exit } from "node:process";
import { GraphQLClient } from "graphql-request";
import type { DigestQuery, DigestQueryVariables } from "./generated/operations.js";

// build/digest.js lies one folder deeper than this file.
const DOCUMENT = new URL("../../queries/11-digest.graphql", import.meta.url);

const { GCSMTTR_URL: url, GCSMTTR_KEY: key } = env;
const organisation = argv[2];
if (!url || !key || !organisation) {
  console.error("usage: GCSMTTR_URL=… GCSMTTR_KEY=… npm run --silent digest -- ORGANISATION");
  exit(2);
}

const client = new GraphQLClient(url, { headers: { "x-api-key": key } });
const answer = await client.request<DigestQuery, DigestQueryVariables>(
  readFileSync(DOCUMENT, "utf8"),
  { organisation },
);
for (const line of digest(organisation, answer.organisation)) {
  console.log(line);
}

function* digest(name: string, found: DigestQuery["organisation"]): Generator<string> {
  if (found.lastEventAt === null) {
    yield `Nothing ever arrived of ${name}.`;
    return;
  }
  const [week] = found.metrics;
  if (week !== undefined) {
    yield `${name}, last week: ${week.opened} opened, ${week.closed} closed` +
      ` (${week.fixed} fixed), ${week.reopened} reopened, ${week.openAtEnd} open at its end`;
    yield `Half of what was closed took up to ${days(week.medianTimeToRemediate)}.`;
  }
  for (const { group, open, meanAge, olderThan } of found.backlog) {
    if (open > 0) {
      yield `${group}: ${open} open for ${days(meanAge)} on average, ${olderThan} for over 30 days`;
    }
  }
  for (const { alertURL, severity, age } of found.oldest.data) {
    yield `oldest: ${severity} for ${days(age)}: ${alertURL}`;
  }
}

function days(number: number | null | undefined): string {
  return typeof number === "number" ? `${number.toFixed(1)} days` : "no time at all";
}
