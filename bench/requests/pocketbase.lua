-- PocketBase's API for the records of a collection, as in tasks.lua. Its lists do not count either.
local RECORDS = "/api/collections/tasks/records"
local LIST = "GET " .. RECORDS .. "?skipTotal=1&perPage="

return {
  get = function(user) return "GET " .. RECORDS .. "/" .. any_id(user) end,
  list = function() return LIST .. "20&sort=-created" end,
  all = function() return LIST .. "1000&sort=-created" end,
  filter = function() return LIST .. "20&sort=-updated&filter=completed=false" end,
  search = function() return LIST .. "20&sort=-created&filter=text~'milk'" end,
  feed = function(user) return LIST .. "100&sort=updated,id&filter=" .. user.cursor end,
  create = function(user)
    return "POST " .. RECORDS, '{"user":"' .. user.name .. '","text":"' .. new_text() .. '"}'
  end,
  patch = function(user)
    return "PATCH " .. RECORDS .. "/" .. any_id(user), '{"text":"' .. new_text() .. '"}'
  end,
  move = function(user)
    return "PATCH " .. RECORDS .. "/" .. any_id(user), '{"position":-' .. os.time() .. "}"
  end,
  batch = function(user)
    local requests = {}
    for n, id in ipairs(twenty_ids(user)) do
      requests[n] = '{"method":"PATCH","url":"' .. RECORDS .. "/" .. id
        .. '","body":{"text":"' .. new_text() .. '"}}'
    end
    return "POST /api/batch", '{"requests":[' .. table.concat(requests, ",") .. "]}"
  end,
}
