-- An entry was said, or never will be: it leaves the lane and everything that follows from it is stored with that.
-- KEYS: lane, entries, said, said-at, attempt, threads, roots, charts, pictures, root-waits, dead, edits
-- ARGV: id, now, ref JSON or '', run or '', thread JSON or '', root field or '', chart JSON or '', run whose root this was or '', obituary JSON or ''
-- Returns 1, or 0 where the entry was no longer there.
local id = ARGV[1]
if redis.call('HEXISTS', KEYS[2], id) == 0 then return 0 end
redis.call('LREM', KEYS[1], 1, id)
redis.call('LREM', KEYS[12], 1, id)
redis.call('HDEL', KEYS[2], id)
redis.call('HDEL', KEYS[9], id)
redis.call('DEL', KEYS[5])
redis.call('ZADD', KEYS[4], ARGV[2], id)
if ARGV[3] ~= '' then redis.call('HSET', KEYS[3], id, ARGV[3]) end
if ARGV[4] ~= '' then
  redis.call('HSET', KEYS[6], ARGV[4], ARGV[5])
  redis.call('HSET', KEYS[7], ARGV[6], ARGV[4])
end
if ARGV[7] ~= '' then redis.call('HSET', KEYS[8], id, ARGV[7]) end
if ARGV[8] ~= '' and redis.call('HGET', KEYS[10], ARGV[8]) == id then redis.call('HDEL', KEYS[10], ARGV[8]) end
if ARGV[9] ~= '' then
  redis.call('LPUSH', KEYS[11], ARGV[9])
  redis.call('LTRIM', KEYS[11], 0, 499)
end
return 1
