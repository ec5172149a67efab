// Apollo Client asks a query and pages through a connection, its documents sent by their hash.
import { createHash } from "node:crypto";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { relayStylePagination } from "@apollo/client/utilities";

const sent = [];
const watched = async (address, options) => {
  const answer = await fetch(address, options);
  const asked = options.method === "GET" ? Object.fromEntries(new URL(address).searchParams) : JSON.parse(options.body);
  sent.push({ method: options.method, hasText: Boolean(asked.query), status: answer.status });
  return answer;
};

const client = new ApolloClient({
  cache: new InMemoryCache({
    typePolicies: { Query: { fields: { statements: relayStylePagination(["asOf", "orderBy"]) } } },
  }),
  link: ApolloLink.from([
    new PersistedQueryLink({
      sha256: (text) => createHash("sha256").update(text).digest("hex"),
      useGETForHashedQueries: true,
    }),
    new HttpLink({ uri: process.argv[2], fetch: watched }),
  ]),
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

const ask = async (key) =>
  (await client.query({ query: PROCESS, variables: { key, asOf: "2025-04-18" }, fetchPolicy: "network-only" })).data;
const process_ = await ask("us-ukraine-russia-2025");
const again = await ask("us-ukraine-russia-2025");

const pages = client.watchQuery({ query: STATEMENTS });
const first = (await pages.result?.()) ?? (await client.query({ query: STATEMENTS }));
const { endCursor } = first.data.statements.pageInfo;
await pages.fetchMore({ variables: { after: endCursor } });
const together = client.readQuery({ query: STATEMENTS });

console.log(
  JSON.stringify({
    process: process_.process,
    again: again.process,
    first: first.data.statements.edges.map((edge) => edge.node.key),
    together: together.statements.edges.map((edge) => edge.node.key),
    sent,
  }),
);
client.stop();
