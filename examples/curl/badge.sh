#!/usr/bin/env bash
# Prints one number for a badge: the median days to remediate of a repository over 90 days, or "none"
# if no alert was closed. Needs only curl.
#
#     GCSMTTR_URL=https://… GCSMTTR_KEY=… badge.sh my-organisation/my-repository
#
# Exit status: 0 with a number or "none"; 1 if the request failed; 2 if the name is malformed or no
# event ever arrived for it, so that a misspelled name does not become a badge.
set -euo pipefail

repository=${1:?usage: badge.sh OWNER/REPOSITORY}
if [[ ! $repository =~ ^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$ ]]; then
  echo "badge.sh: $repository is not of the form owner/repository" >&2
  exit 2
fi
query=$(dirname "${BASH_SOURCE[0]}")/../queries/07-badge.graphql

# The response to a GET request is `private, max-age=15` with an ETag: the client may cache it for 15
# seconds, and a shared cache must not store it. curl caches nothing. The key is passed through standard
# input, because everyone on the machine can read the arguments of a process.
response=$(curl --silent --show-error --fail-with-body --max-time 30 --get "${GCSMTTR_URL:?}" \
  --header @- <<<"x-api-key: ${GCSMTTR_KEY:?}" \
  --header 'accept: application/graphql-response+json' \
  --data-urlencode "query@$query" \
  --data-urlencode "variables={\"repository\":\"$repository\"}") || {
  echo "badge.sh: ${response:-no response}" >&2
  exit 1
}

# If a single field fails, the status is 200 and the response contains "errors".
if [[ $response == *'"errors":'* || ! $response =~ \"medianTimeToRemediate\":(null|[0-9.e+-]+) ]]; then
  echo "badge.sh: $response" >&2
  exit 1
fi
median=${BASH_REMATCH[1]}
if [[ $response == *'"lastEventAt":null'* ]]; then
  echo "badge.sh: no event ever arrived for $repository: check the name and the webhook" >&2
  exit 2
fi
if [[ $median == null ]]; then echo none; else LC_ALL=C printf '%.1f\n' "$median"; fi
