-- For wrk: sends what a file holds, one request a line, and prints one line with what came of it.
-- Arguments: GET or POST, the file, and a word that makes the numbers of this run its own.

local requests, templates, seed, number = {}, nil, "", 0

function init(args)
  local method, file = args[1], args[2]
  seed = args[3]
  for line in io.lines(file) do
    if line:find("__N__", 1, true) then
      templates = templates or {}
      templates[#templates + 1] = line
    elseif method == "GET" then
      requests[#requests + 1] = wrk.format("GET", line, { Host = "127.0.0.1" })
    else
      requests[#requests + 1] = posted(line)
    end
  end
end

function posted(body)
  return wrk.format("POST", "/graphql", { Host = "127.0.0.1", ["Content-Type"] = "application/json" }, body)
end

function request()
  number = number + 1
  if templates then
    local body = templates[number % #templates + 1]:gsub("__N__", seed .. number)
    return posted(body)
  end
  return requests[number % #requests + 1]
end

function done(summary, latency)
  local failed = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    failed.connect + failed.read + failed.write + failed.status + failed.timeout,
    latency:percentile(50), latency:percentile(99)))
end
