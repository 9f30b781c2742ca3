-- Queues entries in a lane, once each: what waits there or was said lately is left out.
-- Refreshes of roots only edit what stands: they queue apart, behind everything new.
-- KEYS: lane, entries, said-at, root-waits, edits
-- ARGV: then for each entry: id, JSON, run whose root it refreshes or ''
-- Returns how many were queued.
local queued = 0
for i = 1, #ARGV, 3 do
  local id, json, rootOf = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local known = redis.call('HEXISTS', KEYS[2], id) == 1 or redis.call('ZSCORE', KEYS[3], id)
  local waits = rootOf ~= '' and redis.call('HEXISTS', KEYS[4], rootOf) == 1
  if not known and not waits then
    redis.call('HSET', KEYS[2], id, json)
    redis.call('RPUSH', rootOf ~= '' and KEYS[5] or KEYS[1], id)
    if rootOf ~= '' then redis.call('HSET', KEYS[4], rootOf, id) end
    queued = queued + 1
  end
end
return queued
