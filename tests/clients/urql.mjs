// urql asks a query and pages through a connection, kept together in its normalised cache; its documents go by their hash.
import { Client, fetchExchange, gql } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { persistedExchange } from "@urql/exchange-persisted";

const sent = [];
const watched = async (address, options) => {
  const answer = await fetch(address, options);
  const asked = options.method === "GET" ? Object.fromEntries(new URL(address).searchParams) : JSON.parse(options.body);
  sent.push({ method: options.method, hasText: Boolean(asked.query), status: answer.status });
  return answer;
};

const client = new Client({
  url: process.argv[2],
  preferGetMethod: false,
  fetch: watched,
  exchanges: [
    cacheExchange({ resolvers: { Query: { statements: relayPagination() } } }),
    persistedExchange({ preferGetForPersistedQueries: true }),
    fetchExchange,
  ],
});

const PROCESS = gql`
  query Process($key: String!, $asOf: DateTime) {
    process(by: { key: $key }, asOf: $asOf) { id key status }
  }
`;
const STATEMENTS = gql`
  query Statements($after: String) {
    statements(asOf: "2025-04-18", orderBy: [KEY_ASC], first: 3, after: $after) {
      edges { cursor node { id key } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

const ask = async (query, variables, requestPolicy) => {
  const { data, error } = await client.query(query, variables, { requestPolicy }).toPromise();
  if (error) throw error;
  return data;
};

const { process: process_ } = await ask(PROCESS, { key: "us-ukraine-russia-2025", asOf: "2025-04-18" });
const first = await ask(STATEMENTS, {});
const keys = (data) => data.statements.edges.map((edge) => edge.node.key);
const firstKeys = keys(first);
await ask(STATEMENTS, { after: first.statements.pageInfo.endCursor });
const together = await ask(STATEMENTS, {}, "cache-only");

console.log(JSON.stringify({ process: process_, first: firstKeys, together: keys(together), sent }));
