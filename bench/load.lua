-- The load of one operation, for wrk: which one, and the file of users' tokens and tasks' ids (one
-- `token id` a line), come as arguments. Counts answers that are not what they should be.
local operation, file
local lines = {}
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  operation, file = args[1], args[2]
  for line in io.lines(file) do
    local token, id = line:match("(%S+) (%S+)")
    lines[#lines + 1] = { authorization = "Bearer " .. token, id = id }
  end
  math.randomseed(tonumber(tostring({}):sub(8)) or 1)
  wrong = 0
end

local function headers(line)
  return { ["Authorization"] = line.authorization, ["Content-Type"] = "application/json" }
end

function request()
  local line = lines[math.random(#lines)]
  local what = operation
  if what == "mix" then
    local dice = math.random(100)
    what = dice <= 70 and "list" or dice <= 85 and "get" or dice <= 95 and "patch" or "create"
  end
  if what == "list" then return wrk.format("GET", "/tasks", headers(line)) end
  if what == "get" then return wrk.format("GET", "/tasks/" .. line.id, headers(line)) end
  if what == "patch" then
    local body = '{"text":"changed ' .. math.random(1000000) .. '"}'
    return wrk.format("PATCH", "/tasks/" .. line.id, headers(line), body)
  end
  return wrk.format("POST", "/tasks", headers(line), '{"text":"Buy milk"}')
end

function response(status, _, body)
  if (status ~= 200 and status ~= 201) or not body:find('"created_at":"', 1, true) then
    wrong = wrong + 1
  end
end

function done(summary, latency)
  local wrong_answers = 0
  for _, thread in ipairs(threads) do
    wrong_answers = wrong_answers + thread:get("wrong")
  end
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"p50":%.3f,"p95":%.3f,"p99":%.3f,"wrong":%d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000,
    wrong_answers + errors.connect + errors.read + errors.write + errors.timeout))
end
