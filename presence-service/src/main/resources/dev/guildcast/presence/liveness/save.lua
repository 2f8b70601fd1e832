-- Saves sessions of one user. Returns 1 when the presence last announced is not the one given, else 0.
-- KEYS[1] pres:{user}: hash, session id -> "<version> <expiry> <state>", expiry in milliseconds of this server's clock
-- KEYS[2] pres:last:{user}: "<fingerprint> <version> <presence>"
-- ARGV[1] milliseconds the hash lives without another call
-- ARGV[2] milliseconds until the sessions expire
-- ARGV[3] fingerprint of the presence that the caller last announced; empty: none
-- ARGV[4..] three for each session: id, version, state
local time = redis.call('TIME')
local expiry = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2])
for i = 4, #ARGV, 3 do
  local version, state = ARGV[i + 1], ARGV[i + 2]
  local held = redis.call('HGET', KEYS[1], ARGV[i])
  if held then
    local heldVersion, heldState = string.match(held, '^(%d+) %d+ (.*)$')
    if heldVersion and tonumber(heldVersion) > tonumber(version) then
      version, state = heldVersion, heldState
    end
  end
  redis.call('HSET', KEYS[1], ARGV[i], version .. ' ' .. expiry .. ' ' .. state)
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
if ARGV[3] == '' then
  return 0
end
local last = redis.call('GETRANGE', KEYS[2], 0, #ARGV[3])
if last ~= '' and last ~= ARGV[3] .. ' ' then
  return 1
end
return 0
