package dev.guildcast.system.process;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Observation;
import dev.guildcast.witness.Recording;
import dev.guildcast.witness.client.RecordingClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An unmodified @discordjs/ws in a Node process that prints its events; each is recorded as received.
///
/// - **Owner:** the thread that reads the process' output; the rest may be called from any.
/// - **Bound:** the recording's.
final class DiscordJsClient implements RecordingClient {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final int NORMAL_CLOSURE = 1000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Account account;
    private final URI api;
    private final Path folder;
    private final Recording recording = new Recording();
    private @Nullable TestProcess program;
    private volatile boolean closing;
    private int connection = 1;

    /// @param api base of the REST routes, from which the library requests the gateway's address
    /// @param folder see [NodeFolder]
    DiscordJsClient(Account account, URI api, Path folder) {
        this.account = account;
        this.api = api;
        this.folder = folder;
    }

    @Override
    public Account account() {
        return account;
    }

    @Override
    public Recording recording() {
        return recording;
    }

    @Override
    public void start() {
        program = TestProcess.start(
                folder,
                Map.of(
                        "GUILDCAST_API", api.toString(),
                        "GUILDCAST_TOKEN", account.token(),
                        "GUILDCAST_INTENTS", Long.toString(account.intents())),
                List.of("node", "discordjs-client.mjs"),
                this::onLine);
    }

    /// Output of the process other than events, for failure messages.
    List<String> diagnostics() {
        TestProcess running = program;
        return running == null
                ? List.of()
                : running.lines().stream()
                        .filter(line -> !line.contains("\"kind\":\"dispatch\""))
                        .toList();
    }

    private void onLine(String text) {
        long now = System.nanoTime();
        JsonNode line;
        try {
            line = JSON.readTree(text);
        } catch (JacksonException e) {
            return; // a warning printed by Node
        }
        switch (line.path("kind").asString("")) {
            case "dispatch" ->
                recording.add(new Observation.ReceivedDispatch(
                        now,
                        connection,
                        line.path("t").asString(""),
                        line.path("s").asInt(-1),
                        line.path("d")));
            case "invalid" ->
                recording.add(new Observation.InvalidSession(
                        now, connection, line.path("resumable").asBoolean()));
            case "closed" -> {
                int code = line.path("code").asInt();
                recording.add(new Observation.Closed(now, connection, code, closing && code == NORMAL_CLOSURE));
                connection++;
            }
            default -> {}
        }
    }

    @Override
    public void close() {
        TestProcess running = program;
        if (running == null) {
            return;
        }
        closing = true;
        running.endInput();
        try {
            int unused = running.awaitExit(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.close();
    }
}
