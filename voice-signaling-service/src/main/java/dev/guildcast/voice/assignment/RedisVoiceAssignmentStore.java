package dev.guildcast.voice.assignment;

import dev.guildcast.shard.redis.RedisScripts;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// [VoiceAssignmentStore] on Redis: `voice:guild:{guild}`, `voice:user:{user}`, `voice:srv:{region}`,
/// `voice:alive:{server}`, `voice:regions`. Every key has a TTL; each script uses one key, so it runs on a cluster.
final class RedisVoiceAssignmentStore implements VoiceAssignmentStore {
    @SuppressWarnings("rawtypes")
    private static final RedisScript<List> ASSIGN = script("assign.lua", List.class);

    private static final RedisScript<Long> PUT = script("put.lua", Long.class);
    private static final RedisScript<Long> RESTORE = script("restore.lua", Long.class);
    private static final String USER_FIELD = "u:";
    private static final String REGIONS = "voice:regions";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ReactiveStringRedisTemplate redis;
    private final Duration liveness;
    private final Duration ttl;

    /// @param liveness of a server without a report
    /// @param ttl of a guild without a change
    RedisVoiceAssignmentStore(ReactiveRedisConnectionFactory connections, Duration liveness, Duration ttl) {
        this.redis = new ReactiveStringRedisTemplate(connections);
        this.liveness = liveness;
        this.ttl = ttl;
    }

    @Override
    public Mono<Void> renewServer(VoiceServer server, double load) {
        String region = regionKey(server.region());
        return redis.opsForValue()
                .set(serverKey(server.id()), JSON.writeValueAsString(server), liveness)
                .then(redis.opsForZSet().add(region, server.id(), load))
                .then(redis.expire(region, ttl))
                .then(redis.opsForSet().add(REGIONS, server.region()))
                .then(redis.expire(REGIONS, ttl))
                .then();
    }

    @Override
    public Mono<Void> removeServer(VoiceServer server) {
        return redis.delete(serverKey(server.id()))
                .then(redis.opsForZSet().remove(regionKey(server.region()), server.id()))
                .then();
    }

    @Override
    public Mono<Optional<VoiceServer>> findServer(String id) {
        return redis.opsForValue()
                .get(serverKey(id))
                .map(RedisVoiceAssignmentStore::readServer)
                .defaultIfEmpty(Optional.empty());
    }

    @Override
    public Mono<List<ServerLoad>> leastLoadedServers(String region, int max) {
        return redis.opsForZSet()
                .rangeWithScores(regionKey(region), Range.closed(0L, -1L))
                .concatMap(entry -> serverLoad(region, text(entry.getValue()), entry.getScore()))
                .take(max)
                .collectList();
    }

    private Mono<ServerLoad> serverLoad(String region, String id, @Nullable Double load) {
        return findServer(id)
                .flatMap(found -> found.isPresent()
                        ? Mono.just(new ServerLoad(found.get(), load == null ? 1 : load))
                        : redis.opsForZSet().remove(regionKey(region), id).then(Mono.empty()));
    }

    @Override
    public Mono<List<String>> regions() {
        return redis.opsForSet().members(REGIONS).sort().collectList();
    }

    @Override
    public Mono<StoredGuild> load(long guild) {
        return redis.<String, String>opsForHash()
                .entries(guildKey(guild))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                .map(fields -> new StoredGuild(
                        new Assignment(fields.getOrDefault("server", ""), number(fields.get("version"))),
                        fields.entrySet().stream()
                                .filter(field -> field.getKey().startsWith(USER_FIELD))
                                .flatMap(field -> VoiceState.fromJson(field.getValue()).stream())
                                .toList(),
                        number(fields.get("revision"))));
    }

    @Override
    public Mono<Assignment> assign(long guild, long expectedVersion, String server) {
        return redis.execute(
                        ASSIGN,
                        List.of(guildKey(guild)),
                        List.of(Long.toString(expectedVersion), server, Long.toString(ttl.toMillis())))
                .next()
                .map(reply -> new Assignment(text(reply.get(0)), number(text(reply.get(1)))));
    }

    @Override
    public Mono<Long> putState(VoiceState state) {
        String user = Long.toUnsignedString(state.user());
        String guild = Long.toUnsignedString(state.guild());
        String userKey = userKey(state.user());
        boolean left = state.channel() == 0;
        return redis.execute(
                        PUT,
                        List.of(guildKey(state.guild())),
                        List.of(user, left ? "" : state.toJson(), Long.toString(ttl.toMillis())))
                .next()
                .flatMap(revision -> (left
                                ? redis.opsForSet().remove(userKey, guild).then()
                                : redis.opsForSet()
                                        .add(userKey, guild)
                                        .then(redis.expire(userKey, ttl))
                                        .then())
                        .thenReturn(revision));
    }

    @Override
    public Mono<Void> restoreGuild(long guild, StoredGuild known) {
        var args = new ArrayList<String>();
        args.add(Long.toString(known.revision()));
        args.add(Long.toString(ttl.toMillis()));
        args.addAll(List.of("server", known.assignment().server()));
        args.addAll(List.of("version", Long.toString(known.assignment().version())));
        for (VoiceState state : known.states()) {
            args.addAll(List.of(USER_FIELD + Long.toUnsignedString(state.user()), state.toJson()));
        }
        return redis.execute(RESTORE, List.of(guildKey(guild)), args)
                .next()
                .thenMany(Flux.fromIterable(known.states())
                        .concatMap(state -> redis.opsForSet()
                                .add(userKey(state.user()), Long.toUnsignedString(guild))
                                .then(redis.expire(userKey(state.user()), ttl))))
                .then();
    }

    @Override
    public Mono<Collection<Long>> guildsOf(long user) {
        return redis.opsForSet()
                .members(userKey(user))
                .map(Long::parseUnsignedLong)
                .collectList()
                .map(guilds -> guilds);
    }

    private static Optional<VoiceServer> readServer(String json) {
        try {
            return Optional.of(JSON.readValue(json, VoiceServer.class));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static long number(@Nullable String text) {
        return text == null || text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static String guildKey(long guild) {
        return "voice:guild:{" + Long.toUnsignedString(guild) + "}";
    }

    private static String userKey(long user) {
        return "voice:user:{" + Long.toUnsignedString(user) + "}";
    }

    private static String regionKey(String region) {
        return "voice:srv:{" + region + "}";
    }

    private static String serverKey(String server) {
        return "voice:alive:{" + server + "}";
    }

    private static <T> RedisScript<T> script(String file, Class<T> result) {
        return RedisScripts.load(RedisVoiceAssignmentStore.class, file, result);
    }
}
