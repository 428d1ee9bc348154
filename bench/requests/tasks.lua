-- Taskport's API: for each operation the method and path, and the body if there is one.
return {
  health = function() return "GET /health" end,
  get = function(user) return "GET /tasks/" .. any_id(user) end,
  list = function() return "GET /tasks?limit=20" end,
  all = function() return "GET /tasks" end,
  filter = function() return "GET /tasks?sort=-updated_at&completed=false&limit=20" end,
  search = function() return "GET /tasks?q=milk&limit=20" end,
  feed = function(user) return "GET /tasks/changes?cursor=" .. user.cursor end,
  create = function() return "POST /tasks", '{"text":"' .. new_text() .. '"}' end,
  patch = function(user) return "PATCH /tasks/" .. any_id(user), '{"text":"' .. new_text() .. '"}' end,
  move = function(user) return "POST /tasks/" .. any_id(user) .. "/move", '{"to":"top"}' end,
  batch = function(user)
    local operations = {}
    for n, id in ipairs(twenty_ids(user)) do
      operations[n] = '{"op":"patch","id":"' .. id .. '","body":{"text":"' .. new_text() .. '"}}'
    end
    return "POST /tasks/batch", '{"atomic":true,"operations":[' .. table.concat(operations, ",") .. "]}"
  end,
}
