-- Removes a session unless it was renewed since. Returns 0 when it was removed, else its expiry in Unix milliseconds.
-- KEYS[1] pres:{user}: hash, session id -> "<version> <expiry> <state>"
-- ARGV[1] session id   ARGV[2] now, Unix milliseconds
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held then
  local expiry = string.match(held, '^%d+ (%d+) ')
  if expiry and tonumber(expiry) > tonumber(ARGV[2]) then
    return tonumber(expiry)
  end
  redis.call('HDEL', KEYS[1], ARGV[1])
end
return 0
