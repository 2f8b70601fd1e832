-- Removes a session unless it was renewed since. Returns 0 when it was removed, else the milliseconds until it expires.
-- KEYS[1] pres:{user}: hash, session id -> "<version> <expiry> <state>", expiry in milliseconds of this server's clock
-- ARGV[1] session id
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local expiry = string.match(held, '^%d+ (%d+) ')
  if expiry and tonumber(expiry) > now then
    return tonumber(expiry) - now
  end
  redis.call('HDEL', KEYS[1], ARGV[1])
end
return 0
