// What a Relay front end writes: pages of a connection below the root and below a node, and one node by its id.
import { graphql } from "relay-runtime";

graphql`
  query pagesQuery($key: String!) {
    ...pages_statements
    process(by: { key: $key }, asOf: "2025-04-18") {
      id
      ...pages_talks
    }
  }
`;

graphql`
  fragment pages_statements on Query
  @argumentDefinitions(count: { type: "Int", defaultValue: 3 }, cursor: { type: "String" })
  @refetchable(queryName: "pagesStatementsQuery") {
    statements(asOf: "2025-04-18", orderBy: [KEY_ASC], first: $count, after: $cursor)
      @connection(key: "pages_statements") {
      edges { node { id key speaker { name } } }
    }
  }
`;

graphql`
  fragment pages_talks on Process
  @argumentDefinitions(count: { type: "Int", defaultValue: 1 }, cursor: { type: "String" })
  @refetchable(queryName: "pagesTalksQuery") {
    talks(orderBy: [KEY_ASC], first: $count, after: $cursor) @connection(key: "pages_talks") {
      edges { node { id title status } }
    }
  }
`;

graphql`
  query pagesNodeQuery($id: ID!) {
    node(id: $id) { id ... on Talk { title } }
  }
`;
