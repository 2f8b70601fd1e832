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

/// Verifies tokens against a local JSON file, for development: any text may be a token.
///
/// ```
/// {"tokens":{"tok-a":{"user":{"id":"1","username":"a"},"bot":true,
///   "application":{"id":"1","flags":0},"privileged_intents":["GUILD_MEMBERS"]}}}
/// ```
///
/// - **Owner:** the map is replaced as a whole; reading the file is serialised by this object's lock, off the event
///   loops.
/// - **Bound:** the number of tokens in the file.
/// - **Promise:** a change of the file takes effect within a second; while the file cannot be read, the previous tokens
///   remain valid.
final class FileTokenVerifier implements TokenVerifier {
    private static final Logger log = LoggerFactory.getLogger(FileTokenVerifier.class);
    /// A changed file takes effect within a second, and checking costs two system calls in half a second.
    private static final long CHECK_INTERVAL_NANOS = Duration.ofMillis(500).toNanos();

    private final JsonMapper mapper = new JsonMapper();
    private final Path file;
    private final LongSupplier nanoTime;
    private volatile Map<String, Identity> identities = Map.of();
    private volatile long checkedAtNanos;
    private @Nullable FileTime modifiedAt;
    private long sizeBytes = -1;

    /// @throws IllegalArgumentException if the file cannot be read
    FileTokenVerifier(Path file, LongSupplier nanoTime) {
        this.file = file;
        this.nanoTime = nanoTime;
        this.checkedAtNanos = nanoTime.getAsLong();
        try {
            read();
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "gateway.token.file " + file + " cannot be read (expected: a JSON file of tokens): "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public Mono<TokenVerdict> verify(String token) {
        return Mono.defer(() -> {
            long now = nanoTime.getAsLong();
            if (now - checkedAtNanos < CHECK_INTERVAL_NANOS) {
                return Mono.just(lookUp(token));
            }
            checkedAtNanos = now;
            return Mono.fromCallable(() -> {
                        refresh();
                        return lookUp(token);
                    })
                    .subscribeOn(Schedulers.boundedElastic());
        });
    }

    private TokenVerdict lookUp(String token) {
        var identity = identities.get(token);
        return identity == null ? TokenVerdict.Rejected.REJECTED : new TokenVerdict.Verified(identity);
    }

    private void refresh() {
        try {
            read();
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            log.warn("gateway.token.file {} cannot be read; the tokens read before remain valid until it can", file, e);
        }
    }

    private synchronized void read() throws IOException {
        var fileTime = Files.getLastModifiedTime(file);
        long size = Files.size(file);
        if (fileTime.equals(modifiedAt) && size == sizeBytes) {
            return;
        }
        var loaded = new HashMap<String, Identity>();
        for (var entry :
                mapper.readTree(Files.readAllBytes(file)).path("tokens").properties()) {
            loaded.put(entry.getKey(), identity(entry.getValue()));
        }
        identities = Map.copyOf(loaded);
        modifiedAt = fileTime;
        sizeBytes = size;
        log.info("read {} tokens from {}", loaded.size(), file);
    }

    private static Identity identity(JsonNode entry) {
        if (!(entry.path("user") instanceof ObjectNode user)) {
            throw new IllegalArgumentException("an entry of tokens has no user object");
        }
        long userId = id(user.path("id"));
        if (userId == 0) {
            throw new IllegalArgumentException("the user of an entry of tokens has no id");
        }
        boolean bot = entry.path("bot").asBoolean(false);
        var application = entry.path("application");
        long applicationId = id(application.path("id"));
        long flags = application.path("flags").asLong(0);
        for (var intent : entry.path("privileged_intents")) {
            flags |= Identity.grantOf(intent.asString());
        }
        return new Identity(
                userId,
                UserObject.withDefaults(user, bot),
                bot,
                applicationId == 0 && bot ? userId : applicationId,
                flags);
    }

    private static long id(JsonNode node) {
        return node.isString() ? Long.parseUnsignedLong(node.stringValue()) : node.asLong(0);
    }
}
