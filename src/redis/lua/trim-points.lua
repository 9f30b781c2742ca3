-- Keeps the newest points of each series and drops the coarse level; writes only where there is something to drop.
-- KEYS: for each series: points, coarse
-- ARGV: bytes to keep of each
local keep = tonumber(ARGV[1])
for i = 1, #KEYS, 2 do
  if redis.call('EXISTS', KEYS[i + 1]) == 1 then redis.call('DEL', KEYS[i + 1]) end
  local size = redis.call('STRLEN', KEYS[i])
  if size > keep then
    if keep == 0 then
      redis.call('DEL', KEYS[i])
    else
      redis.call('SET', KEYS[i], redis.call('GETRANGE', KEYS[i], size - keep, -1))
    end
  end
end
return 1
