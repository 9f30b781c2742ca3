-- Stores everything one ingest changed, or nothing when another ingest was first.
-- KEYS: run, outbox, closed, then for each points commit: points, coarse
-- ARGV: expected revision
--       number of set fields, then (field, value) each
--       number of deleted fields, then field each
--       number of entries, then entry each
--       number of closed episodes, then episode each; how many closed episodes to keep
--       bytes a point, points to keep at full resolution, points to keep of the coarse level
--       then for each points commit: replace (0/1), packed points
-- Returns 1 committed, 0 stale.
local revision = tonumber(redis.call('HGET', KEYS[1], 'rev') or '0')
if revision ~= tonumber(ARGV[1]) then return 0 end

local at = 2
local function take()
  local value = ARGV[at]
  at = at + 1
  return value
end

for _ = 1, tonumber(take()) do
  local field = take()
  redis.call('HSET', KEYS[1], field, take())
end
for _ = 1, tonumber(take()) do redis.call('HDEL', KEYS[1], take()) end
redis.call('HSET', KEYS[1], 'rev', revision + 1)

for _ = 1, tonumber(take()) do redis.call('RPUSH', KEYS[2], take()) end

local closed = tonumber(take())
for _ = 1, closed do redis.call('LPUSH', KEYS[3], take()) end
local keepClosed = tonumber(take())
if closed > 0 then redis.call('LTRIM', KEYS[3], 0, keepClosed - 1) end

local width = tonumber(take())
local keep = tonumber(take())
local keepCoarse = tonumber(take())
for i = 4, #KEYS, 2 do
  local replace = take()
  local packed = take()
  if replace == '1' then
    redis.call('SET', KEYS[i], packed)
    redis.call('DEL', KEYS[i + 1])
  else
    local size = redis.call('APPEND', KEYS[i], packed)
    -- Trimmed only at twice the window, so that the copy is paid once in many commits.
    if size > 2 * keep * width then
      local surplus = redis.call('GETRANGE', KEYS[i], 0, size - keep * width - 1)
      redis.call('SET', KEYS[i], redis.call('GETRANGE', KEYS[i], size - keep * width, -1))
      local picked = {}
      for offset = 1, #surplus - width + 1, 10 * width do
        picked[#picked + 1] = string.sub(surplus, offset, offset + width - 1)
      end
      local coarse = redis.call('APPEND', KEYS[i + 1], table.concat(picked))
      if coarse > 2 * keepCoarse * width then
        redis.call('SET', KEYS[i + 1], redis.call('GETRANGE', KEYS[i + 1], coarse - keepCoarse * width, -1))
      end
    end
  end
end
return 1
