-- The wrk script for one operation. Arguments: the operation, the users' file, and the random seed. Each
-- line of the file is one user: a token, the token of another user for creating tasks (so that lists do
-- not grow), and the ids of the user's tasks. Counts wrong responses.
local operation, host, check
local users = {}
local threads = {}
local answers, turn = 0, 0

function setup(thread)
  table.insert(threads, thread)
end

local function head(token)
  return " HTTP/1.1\r\nHost: " .. host .. "\r\nAuthorization: Bearer " .. token .. "\r\n"
end

local function read(file)
  for line in io.lines(file) do
    local words = line:gmatch("%S+")
    local user = { head = head(words()), creating = head(words()), ids = {} }
    for id in words do table.insert(user.ids, id) end
    table.insert(users, user)
  end
end

local BODY = "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"

local function with(body)
  return BODY:format(#body, body)
end

local requests = {
  health = function() return "GET /health HTTP/1.1\r\nHost: " .. host .. "\r\n\r\n" end,
  list = function(user) return "GET /tasks" .. user.head .. "\r\n" end,
  get = function(user)
    return "GET /tasks/" .. user.ids[math.random(#user.ids)] .. user.head .. "\r\n"
  end,
  patch = function(user)
    local body = '{"text":"changed ' .. math.random(100000, 999999) .. '"}'
    return "PATCH /tasks/" .. user.ids[math.random(#user.ids)] .. user.head .. with(body)
  end,
  create = function(user) return "POST /tasks" .. user.creating .. with('{"text":"Buy milk"}') end,
}

local function mixed()
  local dice = math.random(100)
  return dice <= 70 and "list" or dice <= 85 and "get" or dice <= 95 and "patch" or "create"
end

-- Each response must have this status and contain this text. In one of 16 lists, tasks are counted.
local function has(status, words)
  return function(got, body) return got == status and body:find(words, 1, true) ~= nil end
end

local function is_list(status, body)
  local count = tonumber(body:match('"count":(%d+)', -100))
  if status ~= 200 or count == nil or count < #users[1].ids then return false end
  if answers % 16 ~= 0 then return true end
  local _, tasks = body:gsub('"completed_at":', "")
  return tasks == count
end

local checks = {
  health = has(200, '"healthy"'),
  list = is_list,
  get = has(200, '"completed_at":'),
  patch = has(200, '"text":"changed '),
  create = has(201, '"text":"Buy milk"'),
  -- wrk does not reveal which request a response belongs to.
  mix = function(status, body)
    if body:sub(1, 9) == '{"tasks":' then return is_list(status, body) end
    return (status == 200 or status == 201) and body:find('"completed_at":', 1, true) ~= nil
  end,
}
-- Uses the tokens of a file in turn, so that each one is evicted from the cache before it is used again.
checks.unseen = checks.get

function init(args)
  operation, host, check = args[1], wrk.headers["Host"], checks[args[1]]
  read(args[2])
  math.randomseed(tonumber(args[3]))
  wrong = 0
end

function request()
  if operation == "unseen" then
    turn = turn % #users + 1
    return requests.get(users[turn])
  end
  return requests[operation == "mix" and mixed() or operation](users[math.random(#users)])
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
