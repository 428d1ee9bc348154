-- The wrk script. Arguments: the operations, separated by commas and mixed at random; the file with the
-- requests of the server's API; the users' file; and the random seed. Each line of the users' file is one
-- user: a token, the name, a cursor of the feed, and the ids of the tasks. Counts wrong responses.
local operations, host, check, requests
local users = {}
local threads = {}
local answers, turn = 0, 0

function setup(thread)
  table.insert(threads, thread)
end

local function read(file)
  for line in io.lines(file) do
    local words = line:gmatch("%S+")
    local head = " HTTP/1.1\r\nHost: " .. host .. "\r\nAuthorization: Bearer " .. words() .. "\r\n"
    local user = { head = head, name = words(), cursor = words(), ids = {} }
    for id in words do table.insert(user.ids, id) end
    table.insert(users, user)
  end
end

-- For the files of requests.
function any_id(user)
  return user.ids[math.random(#user.ids)]
end

-- In ascending order, so that two batches of one user cannot wait for each other's rows.
function twenty_ids(user)
  local first = math.random(#user.ids - 19)
  return { unpack(user.ids, first, first + 19) }
end

function new_text()
  return "bread: changed " .. math.random(100000, 999999)
end

local BODY = "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"

local function mixed()
  local dice = math.random(100)
  return dice <= 70 and "list" or dice <= 85 and "get" or dice <= 95 and "patch" or "create"
end

local function count(body, words)
  local _, found = body:gsub(words, "")
  return found
end

-- Each response must have this status and contain this text.
local function has(status, words)
  return function(got, body) return got == status and body:find(words, 1, true) ~= nil end
end

-- In one of 16 lists, tasks are counted.
local function has_tasks(least)
  return function(status, body)
    if status ~= 200 then return false end
    if answers % 16 ~= 0 then return body:find('"completed_at":', 1, true) ~= nil end
    return count(body, '"completed_at":') >= least(#users[1].ids)
  end
end

local is_list = has_tasks(function(tasks) return math.min(20, tasks) end)

-- wrk does not reveal which request a response belongs to.
local function is_any(status, body)
  local start = body:sub(1, 9)
  if start == '{"tasks":' or start == '{"items":' then return is_list(status, body) end
  return (status == 200 or status == 201) and body:find('"completed_at":', 1, true) ~= nil
end

local checks = {
  health = has(200, '"healthy"'),
  list = is_list,
  all = has_tasks(function(tasks) return tasks end),
  filter = has_tasks(function(tasks) return math.min(20, tasks - math.floor(tasks / 4)) end),
  search = function(status, body)
    return status == 200 and (answers % 16 ~= 0 or count(body, "milk") == count(body, '"completed_at":'))
  end,
  feed = has_tasks(function(tasks) return math.min(10, tasks) end),
  get = has(200, '"completed_at":'),
  patch = has(200, ": changed "),
  move = has(200, '"completed_at":'),
  batch = function(status, body) return status == 200 and count(body, '"status":200') == 20 end,
  -- PocketBase answers 200.
  create = function(status, body)
    return (status == 201 or status == 200) and body:find(": changed ", 1, true) ~= nil
  end,
  mix = is_any,
}
-- Uses the tokens of a file in turn, so that each one is evicted from the cache before it is used again.
checks.unseen = checks.get

function init(args)
  host, requests = wrk.headers["Host"], dofile(args[2])
  operations = {}
  for operation in args[1]:gmatch("[^,]+") do table.insert(operations, operation) end
  check = #operations == 1 and checks[operations[1]] or is_any
  read(args[3])
  math.randomseed(tonumber(args[4]))
  wrong = 0
end

function request()
  local operation, user = operations[math.random(#operations)], users[math.random(#users)]
  if operation == "mix" then operation = mixed() end
  if operation == "unseen" then
    turn = turn % #users + 1
    operation, user = "get", users[turn]
  end
  local line, body = requests[operation](user)
  return line .. user.head .. (body and BODY:format(#body, body) or "\r\n")
end

function response(status, _, body)
  answers = answers + 1
  if not check(status, body) then wrong = wrong + 1 end
end

function done(summary, latency)
  local total = 0
  for _, thread in ipairs(threads) do total = total + thread:get("wrong") end
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"p50":%.3f,"p95":%.3f,"p99":%.3f,"wrong":%d,"generator":%.3f}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000,
    total + errors.connect + errors.read + errors.write + errors.timeout,
    os.clock() / (summary.duration / 1e6)))
end
