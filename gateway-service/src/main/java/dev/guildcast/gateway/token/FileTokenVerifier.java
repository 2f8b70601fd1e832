package dev.guildcast.gateway.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tokens of a local JSON file, for development: any text may be a token.
///
/// ```
/// {"tokens":{"tok-a":{"user":{"id":"1","username":"a"},"bot":true,
///   "application":{"id":"1","flags":0},"privileged_intents":["GUILD_MEMBERS"]}}}
/// ```
///
/// - **Owner:** the map is replaced as a whole; reading is serialised by this object's lock, off the event loops.
/// - **Bound:** the file.
/// - **Promise:** a change of the file is seen within a second; a file that cannot be read leaves the tokens as they
/// were.
final class FileTokenVerifier implements TokenVerifier {
    private static final Logger log = LoggerFactory.getLogger(FileTokenVerifier.class);
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(500).toNanos();

    private final JsonMapper mapper = new JsonMapper();
    private final Path file;
    private final LongSupplier nanos;
    private volatile Map<String, Identity> identities = Map.of();
    private volatile long lookedAtNanos;
    private @Nullable FileTime modified;
    private long sizeBytes = -1;

    /// @throws IllegalArgumentException if the file cannot be read
    FileTokenVerifier(Path file, LongSupplier nanos) {
        this.file = file;
        this.nanos = nanos;
        this.lookedAtNanos = nanos.getAsLong();
        try {
            read();
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "gateway.token.file " + file + " cannot be read (expected: JSON of tokens): " + e.getMessage(), e);
        }
    }

    @Override
    public Mono<TokenVerdict> verify(String token) {
        return Mono.defer(() -> {
            long now = nanos.getAsLong();
            if (now - lookedAtNanos < LOOK_EVERY_NANOS) {
                return Mono.just(look(token));
            }
            lookedAtNanos = now;
            return Mono.fromCallable(() -> {
                        refresh();
                        return look(token);
                    })
                    .subscribeOn(Schedulers.boundedElastic());
        });
    }

    private TokenVerdict look(String token) {
        var identity = identities.get(token);
        return identity == null ? TokenVerdict.Rejected.REJECTED : new TokenVerdict.Verified(identity);
    }

    private void refresh() {
        try {
            read();
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            log.warn("token file {} cannot be read; its former tokens stay good", file, e);
        }
    }

    private synchronized void read() throws IOException {
        var at = Files.getLastModifiedTime(file);
        long size = Files.size(file);
        if (at.equals(modified) && size == sizeBytes) {
            return;
        }
        var found = new HashMap<String, Identity>();
        for (var entry :
                mapper.readTree(Files.readAllBytes(file)).path("tokens").properties()) {
            found.put(entry.getKey(), identity(entry.getValue()));
        }
        identities = Map.copyOf(found);
        modified = at;
        sizeBytes = size;
        log.info("{} tokens read from {}", found.size(), file);
    }

    private static Identity identity(JsonNode entry) {
        if (!(entry.path("user") instanceof ObjectNode user)) {
            throw new IllegalArgumentException("a token has no user object");
        }
        long userId = id(user.path("id"));
        if (userId == 0) {
            throw new IllegalArgumentException("a token's user has no id");
        }
        boolean bot = entry.path("bot").asBoolean(false);
        var application = entry.path("application");
        long applicationId = id(application.path("id"));
        long flags = application.path("flags").asLong(0);
        for (var intent : entry.path("privileged_intents")) {
            flags |= Identity.grantOf(intent.asString());
        }
        return new Identity(
                userId, UserObject.complete(user, bot), bot, applicationId == 0 && bot ? userId : applicationId, flags);
    }

    private static long id(JsonNode node) {
        return node.isString() ? Long.parseUnsignedLong(node.stringValue()) : node.asLong(0);
    }
}
