/**
 * Prints last week's digest of an organisation, for a chat channel or the summary of a CI job.
 *
 *     GCSMTTR_URL=https://… GCSMTTR_KEY=… npm run --silent digest -- my-organisation
 *
 * Exit status: 0 with the digest; 1 if the request failed; 2 if no event ever arrived for the name.
 * The document is ../queries/11-digest.graphql; its types are generated from it and the schema.
 */
import { readFileSync } from "node:fs";
import { argv, env, exit } from "node:process";
import { ClientError, GraphQLClient } from "graphql-request";
import type { DigestQuery, DigestQueryVariables } from "./generated/operations.js";

// The compiled build/digest.js is one folder deeper than this file.
const DOCUMENT = new URL("../../queries/11-digest.graphql", import.meta.url);

const { GCSMTTR_URL: url, GCSMTTR_KEY: key } = env;
const organisation = argv[2];
if (!url || !key || !organisation) {
  console.error("usage: GCSMTTR_URL=… GCSMTTR_KEY=… npm run --silent digest -- ORGANISATION");
  exit(2);
}

const found = await ask(new GraphQLClient(url, { headers: { "x-api-key": key } }), organisation);
if (found.lastEventAt === null) {
  console.error(`No event ever arrived for ${organisation}: check the name.`);
  exit(2);
}
for (const line of digest(organisation, found)) {
  console.log(line);
}

async function ask(client: GraphQLClient, name: string): Promise<DigestQuery["organisation"]> {
  try {
    const document = readFileSync(DOCUMENT, "utf8");
    const variables = { organisation: name };
    return (await client.request<DigestQuery, DigestQueryVariables>(document, variables))
      .organisation;
  } catch (error) {
    console.error(`The request failed: ${reason(error)}`);
    exit(1);
  }
}

function reason(error: unknown): string {
  if (error instanceof ClientError) {
    const messages = error.response.errors?.map(({ message }) => message);
    return messages?.join("; ") ?? `status ${error.response.status}`;
  }
  return String(error);
}

function* digest(name: string, found: DigestQuery["organisation"]): Generator<string> {
  const [week] = found.metrics;
  if (week !== undefined) {
    yield `${name}, last week: ${week.opened} opened, ${week.closed} closed` +
      ` (${week.fixed} fixed), ${week.reopened} reopened, ${week.openAtEnd} open at the end`;
    yield typeof week.medianTimeToRemediate === "number"
      ? `Half of the closed alerts took up to ${days(week.medianTimeToRemediate)}.`
      : "No alert was closed.";
  }
  for (const { group, open, meanAge, olderThan } of found.backlog) {
    if (open > 0) {
      const age = typeof meanAge === "number" ? ` for ${days(meanAge)} on average` : "";
      yield `${group}: ${open} open${age}, ${olderThan} for over 30 days`;
    }
  }
  for (const { alertURL, severity, age } of found.oldest.data) {
    const open = typeof age === "number" ? ` for ${days(age)}` : "";
    yield `oldest: ${severity}${open}: ${alertURL}`;
  }
}

function days(number: number): string {
  return `${number.toFixed(1)} days`;
}
