// PostGraphile 5 as its documentation sets it up for production: Amber preset, Node's own HTTP server, one process.
// It reads DATABASE_URL and PORT, and says "ready" once it listens.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const preset = {
  extends: [PostGraphileAmberPreset],
  // No mutations: views could be written through.
  disablePlugins: ["PgMutationCreatePlugin", "PgMutationUpdateDeletePlugin"],
  pgServices: [
    makePgService({
      connectionString: process.env.DATABASE_URL,
      schemas: ["postgraphile"],
      // As many connections as our own pool has at most.
      poolConfig: { max: 8 },
    }),
  ],
  // Each page of a list may hold as many as the workloads ask for; nothing else is switched on or off.
  grafserv: { graphqlPath: "/graphql", graphiql: false, websockets: false },
};

const pgl = postgraphile(preset);
const server = createServer();
server.on("error", (error) => {
  console.error(error);
  process.exit(1);
});
await pgl.createServ(grafserv).addTo(server);
server.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("ready"));
