package dev.guildcast.backend.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The tokens of the local file that the gateways read, too.
///
/// - **Owner:** one timer thread reads the file; any thread reads the map it has published.
/// - **Bound:** the file.
/// - **Promise:** a change takes effect within two seconds; an unreadable file leaves the tokens unchanged.
public final class TokenFile implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TokenFile.class);
    private static final JsonMapper MAPPER = new JsonMapper();
    /// Half of the two seconds that the class promises.
    private static final long POLL_MILLIS = 1_000;

    private final Path file;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("token-file").factory());
    private volatile Map<String, Caller> callers = Map.of();
    private @Nullable FileTime modified;

    /// @throws IllegalArgumentException if the file cannot be read
    public TokenFile(Path file) {
        this.file = file;
        try {
            read();
        } catch (IOException | JacksonException e) {
            throw new IllegalArgumentException("backend.tokens " + file + " cannot be read: " + e.getMessage(), e);
        }
        var unused = timer.scheduleWithFixedDelay(this::refresh, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// @param authorization header, with or without `Bot ` or `Bearer `
    public Optional<Caller> caller(String authorization) {
        return Optional.ofNullable(
                callers.get(authorization.replaceFirst("^(Bot|Bearer) ", "").strip()));
    }

    private void refresh() {
        try {
            read();
        } catch (IOException | JacksonException e) {
            log.warn("token file {} cannot be read; its previous tokens stay valid", file, e);
        }
    }

    private void read() throws IOException {
        var at = Files.getLastModifiedTime(file);
        if (at.equals(modified)) {
            return;
        }
        var found = new HashMap<String, Caller>();
        for (var entry :
                MAPPER.readTree(Files.readAllBytes(file)).path("tokens").properties()) {
            found.put(entry.getKey(), new Caller(entry.getValue().path("user")));
        }
        callers = Map.copyOf(found);
        modified = at;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
