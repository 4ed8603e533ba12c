#!/usr/bin/env bash
# Prints one number for a badge: the median days to remediate of a repository over 90 days, or "none"
# where nothing was closed. Needs curl alone.
#
#     GCSMTTR_URL=https://… GCSMTTR_KEY=… badge.sh my-organisation/my-repository
set -euo pipefail

repository=${1:?usage: badge.sh OWNER/REPOSITORY}
if [[ ! $repository =~ ^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$ ]]; then
  echo "badge.sh: $repository is not of the form owner/repository" >&2
  exit 2
fi
query=$(dirname "${BASH_SOURCE[0]}")/../queries/07-badge.graphql

# A GET, so that caches on the way may keep the answer for some seconds. The key comes by standard
# input: arguments can be seen in the list of processes.
answer=$(curl --silent --show-error --fail-with-body --max-time 30 --get "${GCSMTTR_URL:?}" \
  --header @- <<<"x-api-key: ${GCSMTTR_KEY:?}" \
  --header 'accept: application/graphql-response+json' \
  --data-urlencode "query@$query" \
  --data-urlencode "variables={\"repository\":\"$repository\"}") || {
  echo "badge.sh: ${answer:-no answer}" >&2
  exit 1
}

# An error of a single field comes with status 200, and with "errors" in place of the number.
if [[ $answer == *'"errors":'* || ! $answer =~ \"medianTimeToRemediate\":(null|[0-9.e+-]+) ]]; then
  echo "badge.sh: $answer" >&2
  exit 1
fi
median=${BASH_REMATCH[1]}
if [[ $median == null ]]; then echo none; else LC_ALL=C printf '%.1f\n' "$median"; fi
