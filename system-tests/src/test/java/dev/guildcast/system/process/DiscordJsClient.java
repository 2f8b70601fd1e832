package dev.guildcast.system.process;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Entry;
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

/// An unmodified @discordjs/ws in a Node process, which prints what it is told; recorded is each event as it came.
///
/// - **Owner:** the thread that reads what the process prints; the rest may be called from any.
/// - **Bound:** that of its recording.
final class DiscordJsClient implements RecordingClient {
    private static final Duration END_MAX = Duration.ofSeconds(10);
    private static final int CLEAN_END = 1000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Account account;
    private final URI api;
    private final Path folder;
    private final Recording recording = new Recording();
    private @Nullable Program program;
    private volatile boolean closing;
    private int connection = 1;

    /// @param api base of the REST routes; the library asks it for the gateway's address
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
        program = Program.start(
                folder,
                Map.of(
                        "GUILDCAST_API", api.toString(),
                        "GUILDCAST_TOKEN", account.token(),
                        "GUILDCAST_INTENTS", Long.toString(account.intents())),
                List.of("node", "discordjs-client.mjs"),
                this::onLine);
    }

    /// What the process printed that is no event, for when something went wrong.
    List<String> words() {
        Program running = program;
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
            return; // a warning of Node's own
        }
        switch (line.path("kind").asString("")) {
            case "dispatch" ->
                recording.add(new Entry.Dispatch(
                        now,
                        connection,
                        line.path("t").asString(""),
                        line.path("s").asInt(-1),
                        line.path("d")));
            case "invalid" ->
                recording.add(new Entry.InvalidSession(
                        now, connection, line.path("resumable").asBoolean()));
            case "closed" -> {
                int code = line.path("code").asInt();
                recording.add(new Entry.Closed(now, connection, code, closing && code == CLEAN_END));
                connection++;
            }
            default -> {}
        }
    }

    @Override
    public void close() {
        Program running = program;
        if (running == null) {
            return;
        }
        closing = true;
        running.endInput();
        try {
            int unused = running.awaitExit(END_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.close();
    }
}
