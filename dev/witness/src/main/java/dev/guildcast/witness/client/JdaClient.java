package dev.guildcast.witness.client;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Observation;
import dev.guildcast.witness.Recording;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.dv8tion.jda.api.JDA;
import net.dv8tion.jda.api.JDABuilder;
import net.dv8tion.jda.api.events.GenericEvent;
import net.dv8tion.jda.api.events.RawGatewayEvent;
import net.dv8tion.jda.api.events.session.SessionDisconnectEvent;
import net.dv8tion.jda.api.events.session.SessionInvalidateEvent;
import net.dv8tion.jda.api.hooks.EventListener;
import net.dv8tion.jda.api.requests.GatewayIntent;
import net.dv8tion.jda.api.requests.RestConfig;
import net.dv8tion.jda.api.utils.Compression;
import net.dv8tion.jda.api.utils.SessionControllerAdapter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An unmodified JDA that connects to another server. It reconnects, resumes and caches guilds as in any bot; each
/// event is recorded as the gateway sent it.
///
/// - **Owner:** JDA's own threads; the events of one connection arrive one after the other.
/// - **Bound:** the recording's.
public final class JdaClient implements RecordingClient, EventListener {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Account account;
    private final URI api;
    private final URI gateway;
    private final Compression compression;
    private final Recording recording = new Recording();
    private volatile @Nullable JDA jda;
    private volatile int connection = 1;
    private volatile boolean hasSession;

    /// @param api base of the REST routes, such as `http://127.0.0.1:8080/api`
    /// @param gateway main URL, without a query
    /// @param zlib whether to request `zlib-stream`
    public JdaClient(Account account, URI api, URI gateway, boolean zlib) {
        this.account = account;
        this.api = api;
        this.gateway = gateway;
        this.compression = zlib ? Compression.ZLIB : Compression.NONE;
    }

    @Override
    public Account account() {
        return account;
    }

    @Override
    public Recording recording() {
        return recording;
    }

    /// Logs in over REST on the calling thread, then connects on JDA's.
    @Override
    public void start() {
        jda = JDABuilder.createLight(account.token(), intents())
                .setRestConfig(new RestConfig().setBaseUrl(api + "/v10/"))
                .setSessionController(new FixedGateway(gateway.toString()))
                .setCompression(compression)
                .setRawEventsEnabled(true)
                .setEnableShutdownHook(false)
                .setMaxReconnectDelay(32)
                .addEventListeners(this)
                .build();
    }

    @Override
    public void close() {
        JDA running = jda;
        if (running != null) {
            running.shutdown();
            try {
                if (!running.awaitShutdown(Duration.ofSeconds(2))) {
                    running.shutdownNow();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void onEvent(GenericEvent event) {
        long now = System.nanoTime();
        switch (event) {
            case RawGatewayEvent raw -> {
                JsonNode frame = JSON.readTree(raw.getPackage().toJson());
                String type = frame.path("t").asString("");
                hasSession |= type.equals("READY");
                recording.add(new Observation.ReceivedDispatch(
                        now, connection, type, frame.path("s").asInt(-1), withoutJdaAdditions(frame.path("d"))));
            }
            case SessionDisconnectEvent end -> {
                var frame = end.isClosedByServer() ? end.getServiceCloseFrame() : end.getClientCloseFrame();
                int code = frame == null ? 1006 : frame.getCloseCode();
                recording.add(new Observation.Closed(now, connection, code, !end.isClosedByServer() && frame != null));
                connection++;
            }
            case SessionInvalidateEvent ignored -> {
                // JDA reports it a second time when it closes its socket for that reason.
                if (hasSession) {
                    recording.add(new Observation.InvalidSession(now, connection, false));
                }
                hasSession = false;
            }
            default -> {}
        }
    }

    /// Removes what JDA adds to a message before it passes it on: the author as the member's user, and a flag in each
    /// mention.
    private static JsonNode withoutJdaAdditions(JsonNode body) {
        if (body.path("member") instanceof ObjectNode member
                && body.path("author").isObject()
                && member.path("user").equals(body.path("author"))) {
            member.remove("user");
        }
        for (JsonNode mention : body.path("mentions")) {
            if (mention instanceof ObjectNode noted) {
                noted.remove("is_member");
            }
        }
        return body;
    }

    private List<GatewayIntent> intents() {
        var wanted = new ArrayList<GatewayIntent>();
        for (GatewayIntent intent : GatewayIntent.getIntents((int) account.intents())) {
            wanted.add(intent);
        }
        return wanted;
    }

    /// The hook through which JDA uses a gateway other than its default.
    private static final class FixedGateway extends SessionControllerAdapter {
        private final String url;

        FixedGateway(String url) {
            this.url = url;
        }

        @Override
        public String getGateway() {
            return url;
        }
    }
}
